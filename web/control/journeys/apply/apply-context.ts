import type { AnomalyBook } from '../../ledger/anomaly-book.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Processes } from '../../ledger/processes.ts'
import type { Suspicions } from '../../ledger/suspicions.ts'
import type { RetryDueTimes } from '../due-times.ts'
import type { FlowSink } from '../flow-sink.ts'
import type { BegunRuns } from '../runs.ts'
import type { TraceStore } from '../trace-store.ts'
import type { LedgerSink } from './ledger-sink.ts'

/** The state that telemetry records change. */
export interface ApplyContext {
  ledger: Ledger
  traces: TraceStore
  flow: FlowSink
  anomalies: AnomalyBook
  suspicions: Suspicions
  processes: Processes
  /** Handler runs that have begun and not ended. */
  runs: BegunRuns
  /** When retries are due. */
  dues: RetryDueTimes
  /** Where records are entered: the live one, or the one of a replay while journeys are made of what the ledger has already. */
  sink: LedgerSink

  /** Epoch milliseconds by the control plane's clock. */
  now(): number
  /** Groups that a type was owed to when the frame at hand was taken. */
  owedGroups(type: string): readonly string[]
  /** The same for the answer of a publish; undefined if nothing is known of it. */
  owedAtAnswer(type: string): readonly string[] | undefined
  /** Whether a group is done only when its effect is in the world. */
  needsEffect(group: string): boolean
  /** Whether telemetry of a service is missing, so that what it did not report proves nothing. */
  hasGap(service: string): boolean
  /** One shared copy of a name. */
  intern(name: string): string
  /** `producer` of `producer-1`. */
  serviceOf(instance: string): string
}
