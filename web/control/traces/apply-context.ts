import type { GroupCounts } from '../ledger/counters.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { FlowSink } from '../metrics/flow-sink.ts'
import type { TraceStore } from './trace-store.ts'

/** Where a record stands in the journal. */
export interface Place {
  segment: number
  /** Of its frame within the segment. */
  offset: number
}

/** What applying records needs. */
export interface ApplyContext {
  ledger: Ledger
  traces: TraceStore
  flow: FlowSink

  /**
   * True while the journal is read up to the checkpoint: the ledger has those records in it already, and only journeys
   * are made from them.
   */
  rebuilding: boolean
  /** Groups that a type was owed to when the frame at hand was taken. */
  owedGroups(type: string): readonly string[]
  /** One shared copy of a name. */
  intern(name: string): string
  /** `producer` of `producer-1`. */
  serviceOf(instance: string): string
  /** Counts of the work of a group, not to be changed while rebuilding. */
  groupCounts(topic: string, group: string): GroupCounts
}
