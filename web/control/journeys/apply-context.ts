import type { AnomalyName } from '#contracts/api/ledger.ts'
import type { AnomalyBook } from '../ledger/anomaly-book.ts'
import type { GroupCounts } from '../ledger/counters.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Processes } from '../ledger/processes.ts'
import type { Suspicions } from '../ledger/suspicions.ts'
import type { DueTimes } from './due-times.ts'
import type { FlowSink } from './flow-sink.ts'
import type { Runs } from './runs.ts'
import type { TraceStore } from './trace-store.ts'

/** What applying records needs. */
export interface ApplyContext {
  ledger: Ledger
  traces: TraceStore
  flow: FlowSink
  anomalies: AnomalyBook
  suspicions: Suspicions
  processes: Processes
  /** Handler runs that have begun and not ended. */
  runs: Runs
  /** When retries are due. */
  dues: DueTimes

  /**
   * True while the journal is read up to the checkpoint: the ledger has those records in it already, and only journeys
   * are made from them.
   */
  rebuilding: boolean
  /** Epoch milliseconds by the control plane's clock. */
  now(): number
  /** Groups that a type was owed to when the frame at hand was taken. */
  owedGroups(type: string): readonly string[]
  /** Whether a group is done only when its effect is in the world. */
  needsEffect(group: string): boolean
  /** Whether telemetry of a service is missing, so that what it did not tell proves nothing. */
  hasGap(service: string): boolean
  /** One shared copy of a name. */
  intern(name: string): string
  /** `producer` of `producer-1`. */
  serviceOf(instance: string): string
  /** Counts of the work of a group, not to be changed while rebuilding. */
  groupCounts(topic: string, group: string): GroupCounts
  /** Enters an anomaly. While rebuilding it is in the book already. */
  raise(name: AnomalyName, id: string, at: number, group?: string): void
  retract(name: AnomalyName, id: string, group?: string): void
  /** A record told what had been told before: nothing changes by it, but a worker that does so is not right. */
  repeated(instance: string, id: string): void
  /** An audit found an obligation of a group settled of which telemetry never told: what it tells is not whole. */
  untold(group: string): void
}
