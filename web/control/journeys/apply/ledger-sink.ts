import type { AnomalyName } from '#contracts/api/ledger.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { EmissionCause } from '#contracts/protocols/telemetry.ts'
import type { GroupCounts } from '../../ledger/counters.ts'
import type { EmittingRun } from '../../ledger/emissions.ts'
import type { ActiveState, BitState } from '../../ledger/ledger.ts'
import type { Sequence } from '../../ledger/sequence.ts'
import type { SettlementOutcome } from '../../ledger/settled-count.ts'
import type { FlowTracker } from '../flow-tracker.ts'

/**
 * What applying a record says to the ledger about obligations, anomalies and journeys. There are two, and whoever applies records
 * chooses: `liveSink` enters what is said; `replaySink` is before a ledger that has it all already, and takes nothing. The
 * rules of journeys are the same over both.
 */
export interface LedgerSink {
  readonly flows: FlowTracker
  /** Whether a publish that is reported begins a journey. `isNew`: the ledger had not heard of it before. */
  beginsJourney(isNew: boolean): boolean
  /** Whether an answer begins a journey whose publish was not reported yet. */
  beginsWithAnswer(sequence: Sequence, seq: number): boolean
  /** Whether nothing but bits is left of a message, so that what is reported of it concerns no journey. */
  hasOnlyBits(sequence: Sequence, seq: number): boolean
  /** Whether the producer of the sequence is gone, so that a publish that is reported now will have no answer. */
  hasEnded(sequence: Sequence): boolean

  /** What the ledger knows of an obligation whose journey is made. */
  stateOf(sequence: Sequence, seq: number, group: string): BitState
  move(sequence: Sequence, seq: number, group: string, from: ActiveState, to: ActiveState): void
  settle(sequence: Sequence, seq: number, group: string, outcome: SettlementOutcome, from: ActiveState): void
  /** False if the group acted a second time. */
  addEffect(sequence: Sequence, seq: number, group: string, isFound: boolean): boolean
  /** Notes an effect beyond the first one; false if it is not to be counted: it is in the ledger already, or nobody could remember it. */
  actedAgain(id: string, group: string): boolean
  /** Whether no later message of the sequence was handed out at that place before; notes this one. */
  handedOutInOrder(sequence: Sequence, place: string, seq: number): boolean
  /** Counts of the work of a group, to be added to. */
  groupCounts(topic: string, group: string): GroupCounts
  /** Dead letters of a broker that no identity names; fewer by a negative count. */
  addUnnamed(broker: BrokerName, group: string, count: number): void

  /** A run of a handler has an event under way. */
  emissionBegan(run: EmittingRun, id: string): void
  /** The broker has it, or certainly not. */
  emissionAnswered(run: EmittingRun, id: string, isAccepted: boolean): void
  /** Whether the run has an event that is not accepted. */
  awaitsEmission(run: EmittingRun): boolean
  /** The run is over; `isDone`: it says that it did what the message asks for. */
  runEnded(run: EmittingRun, isDone: boolean): void
  /** Runs that were over and whose last event was accepted meanwhile; each is answered once. */
  takeDelivered(): EmittingRun[]
  /** Whether the broker is known to have an event of this cause, type and ordinal. */
  hasEmission(cause: EmissionCause, type: string): boolean
  /** Notes that the broker has an event of this cause; false if it has another one of the same type and ordinal. */
  addEmission(cause: EmissionCause, type: string): boolean

  /** A dead letter is on its way back since `at`, epoch milliseconds. */
  sendBack(id: string, group: string, at: number): void
  /** Since when it is on its way back; undefined if it is not. */
  sentBackAt(id: string, group: string): number | undefined
  /** It is given up again, or was never away: nothing is on its way back. */
  stayDead(id: string, group: string): void
  /** It is with its group again, which owes an answer. */
  redrive(sequence: Sequence, seq: number, group: string): void

  countOfBurst(burstId: string, what: 'attempted' | 'acked' | 'failed' | 'reused', at: number): void

  /** Counts an anomaly, at every call. */
  raise(name: AnomalyName, id: string, at: number, group?: string): void
  /** Counts an anomaly that each look finds again at its first call only. */
  raiseOnce(name: AnomalyName, id: string, at: number, group?: string): void
  retract(name: AnomalyName, id: string, group?: string): void
  /** Something that may still be explained by what is reported later. */
  suspect(kind: 'phantom' | 'double' | 'unsent' | 'uncaused', id: string, group: string): void
  /** Nothing more is to be said of an obligation that is delivered and dead-lettered. */
  excuse(id: string, group: string): void
  isExcused(id: string, group: string): boolean
  /** A record repeated an earlier report: nothing changes by it, but a worker that repeats itself is wrong. */
  repeated(instance: string, id: string): void
  /** An audit found an obligation of a group settled which telemetry never reported: its reports are incomplete. */
  unreported(group: string): void
  /** An audit compared the witnesses at `at`, epoch milliseconds; `accounts`: for everything, so that it makes up for a gap of telemetry. */
  audited(at: number, accounts: boolean): void
}

/** How the ledger names an obligation. */
export const obligationKey = (id: string, group: string): string => `${id} ${group}`
