import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import type { FlowBookState } from '../flows/flow-book.ts'
import type { FlowTotals } from '../journeys/flow-sink.ts'
import type { SavedJourneys } from '../journeys/saved/saved-journeys.ts'
import type { AnomalyState } from '../ledger/anomaly-book.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import type { ProcessState } from '../ledger/processes.ts'
import type { HealthState } from '../ledger/telemetry-health.ts'
import type { OwedState } from './owed-groups.ts'

/** By process: the last frame number, and the ranges of numbers that were skipped before it. */
export type DedupState = [incarnation: string, last: number, holes: [number, number][]][]

/** Everything that replaying the journal from `segment` on needs to know of what was before. */
export interface Checkpoint extends HealthState {
  version: 2
  /** The first segment whose records are not in it. */
  segment: number
  ledger: LedgerState
  totals: FlowTotals
  dedup: DedupState
  missingFrames: number
  anomalies: AnomalyState
  processes: ProcessState
  /** Absent if no flow was ever declared, and in checkpoints from before there were any. */
  flows?: FlowBookState | undefined
  /**
   * What else the segments before `segment` would tell. Absent in checkpoints of former versions, and where it would be too much: then
   * those segments are read.
   */
  past?: CheckpointPast | undefined
}

export interface CheckpointPast {
  journeys: SavedJourneys
  owed: OwedState
  /** The newest log lines. */
  logs: LogRecord[]
}
