import type { DedupState } from '../intake/frame-dedup.ts'
import type { AnomalyState } from '../ledger/anomaly-book.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import type { ProcessState } from '../ledger/processes.ts'
import type { HealthState } from '../ledger/telemetry-health.ts'
import type { MeterTotals } from '../metrics/meter-totals.ts'

/** Everything that replaying the journal from `segment` on needs to know of what was before. */
export interface Checkpoint extends HealthState {
  version: 2
  /** The first segment whose records are not in it. */
  segment: number
  ledger: LedgerState
  totals: MeterTotals
  dedup: DedupState
  missingFrames: number
  anomalies: AnomalyState
  processes: ProcessState
}
