import type { ObligationState, PublishState } from '#contracts/api/journey.ts'
import type { DeadLetterReason } from '#contracts/brokers/retry-policy.ts'
import type { Effect, EmissionCause, ErrorInfo, LogRecord } from '#contracts/protocols/telemetry.ts'
import type { Sequence } from '../ledger/sequence.ts'
import type { ReportList } from './report-list.ts'

/** What a message has that another one caused, or that its program gave an id. */
export interface Chained {
  /** Id of the first event of its flow; its own if it is the first. */
  correlationId: string
  /** The handler run that published it; undefined if nobody reported it. */
  cause: EmissionCause | undefined
  hops: number | undefined
  /** Id that the program itself gave it. */
  givenId: string | undefined
}

/** An event that an attempt did not send again. */
export interface SuppressedEmission {
  type: string
  givenId: string
  /** The message that has it. */
  of: string
}

/**
 * A journey as it is kept in memory. Times are whole microseconds since `base`, so that they are small integers for the
 * first half hour and cost no object; names are shared; what did not happen has no object.
 */
export class JourneyRecord {
  readonly sequence: Sequence
  readonly seq: number
  /** Epoch milliseconds of the first thing heard of it. */
  readonly base: number
  /** Place in the order of publishing; -1 while only a consumer has spoken of it. */
  order = -1
  /** Counts up with every change. */
  revision = 0
  type = ''
  version = 0
  key: string | undefined
  traceparent = ''
  tracestate: string | undefined
  time = ''
  /** Undefined if memory is short: the journal has it, see `publishSegment`. */
  body: string | undefined = ''
  burstId: string | undefined
  /** Only where something caused it or its program gave it an id: the others have not even the place for it. */
  declare chained?: Chained
  attemptedUs = 0
  publish: PublishState = 'attempted'
  ackedUs: number | undefined
  ref: string | undefined
  error: ErrorInfo | undefined
  /** Groups that it was owed to when it was published. */
  owed: readonly string[] = []
  obligations: ObligationRecord[] = noObligations
  /** Obligations that are not settled. */
  unsettledObligations = 0
  logs: LogRecord[] | undefined
  /** The journal entries that speak of it. */
  reported: ReportList | undefined
  /** Whether something changed it that those entries do not tell: they alone do not make it again. */
  changedAside = false
  /** Place of the publish in the journal: offset of its frame within `publishSegment`. */
  publishSegment = -1
  publishOffset = 0
  /**
   * It was packed, and nobody has looked at it since: version, key, trace, time, ref and where its body is are still to be read from
   * here. `wholeOf` does.
   */
  unread: { read(): JourneyRecord } | undefined
  /** Whether it waits among the settled to be dropped. */
  retired = false
  /** Whether this object is no longer the journey: it was forgotten, or is packed. */
  dropped = false

  constructor(sequence: Sequence, seq: number, base: number) {
    this.sequence = sequence
    this.seq = seq
    this.base = base
  }

  get id(): string {
    return this.sequence.prefix + this.seq
  }
}

/** What one group owes for one message. */
export interface ObligationRecord {
  readonly group: string
  state: ObligationState
  /** Deliveries so far, as far as the broker counted. */
  receiveCount: number
  attempts: AttemptRecord[]
  settledUs: number | undefined
  /** It was acknowledged at the broker though it was not done: unless it is delivered after all, it is lost. */
  passed: boolean
  /** It is counted among the premature commits for that. */
  premature: boolean
  /** Since when a dead letter is being sent back to its group, epoch milliseconds; until the group speaks of the copy, or it is stored. */
  leaving: number | undefined
  /** Small number made of the broker's own name for the copy that was delivered last; 0 without any. */
  place: number
}

export interface AttemptRecord {
  readonly attempt: number
  readonly receiveCount: number
  readonly instance: string
  /** When the worker took it; undefined if only its end was heard of. */
  receivedUs: number | undefined
  /** Small number made of the broker's own name for the copy; 0 without any. */
  place: number
  startedUs: number
  endedUs: number | undefined
  outcome: 'ok' | 'error' | 'interrupted' | undefined
  error: ErrorInfo | undefined
  effect: Effect | undefined
  /** What a program says that it did: only if it says so. */
  reported?: string
  /** Events that it did not send again: only if there are any. */
  suppressed?: readonly SuppressedEmission[]
  /** When the next attempt is due. */
  dueUs: number | undefined
  /** Whether the broker confirmed that it holds the message back until then. */
  held: boolean
  /** Why it goes to the dead letters. */
  reason: DeadLetterReason | undefined
  /** How and when its process ended, where that interrupted it. */
  endedBy: { how: string; us: number } | undefined
  /** When the broker refused its settlement. */
  fencedUs: number | undefined
}

export const newAttempt = (attempt: number, receiveCount: number, instance: string): AttemptRecord => ({
  attempt,
  receiveCount,
  instance,
  receivedUs: undefined,
  place: 0,
  startedUs: 0,
  endedUs: undefined,
  outcome: undefined,
  error: undefined,
  effect: undefined,
  dueUs: undefined,
  held: false,
  reason: undefined,
  endedBy: undefined,
  fencedUs: undefined,
})

/** Shared by all journeys that no consumer has spoken of; never changed. */
const noObligations: ObligationRecord[] = []

/** Whether the obligation wants nothing more. */
export const isSettled = (obligation: Pick<ObligationRecord, 'state'>): boolean =>
  obligation.state === 'delivered' || obligation.state === 'dead_lettered' || obligation.state === 'lost'

/** Whether it was settled by the group itself. One that is lost may still turn up. */
export const isDone = (obligation: ObligationRecord): boolean =>
  obligation.state === 'delivered' || obligation.state === 'dead_lettered'

/** How an obligation that is not settled is counted. */
export const activeState = ({ state }: ObligationRecord): 'waiting' | 'handling' | 'retrying' =>
  state === 'handling' || state === 'retrying' ? state : 'waiting'

/** Whether the publish may still be answered. */
export const isOpenPublish = (journey: JourneyRecord): boolean => journey.publish === 'attempted' && journey.order >= 0

export const toUs = (journey: JourneyRecord, at: number): number => Math.round((at - journey.base) * 1000)
export const toMs = (journey: Pick<JourneyRecord, 'base'>, us: number): number => journey.base + us / 1000

export function obligationOf<Obligation extends Pick<ObligationRecord, 'group'>>(
  journey: { readonly obligations: readonly Obligation[] },
  group: string,
): Obligation | undefined {
  for (const obligation of journey.obligations) if (obligation.group === group) return obligation
  return undefined
}

/** Whether the broker is known to have it, so that every group it was owed to waits for it. */
export const isAccepted = (journey: Pick<JourneyRecord, 'publish'>): boolean =>
  journey.publish === 'acked' || journey.publish === 'recovered'

/** The obligation to `group`, added if it is not known yet. One that waits for its first delivery has no object. */
export function ensureObligation(journey: JourneyRecord, group: string): ObligationRecord {
  const known = obligationOf(journey, group)
  if (known) return known
  const obligation: ObligationRecord = {
    group,
    state: 'waiting',
    receiveCount: 0,
    attempts: noAttempts,
    settledUs: undefined,
    passed: false,
    premature: false,
    leaving: undefined,
    place: 0,
  }
  // A new array has no spare room, and there are a hundred thousand of them.
  journey.obligations = [...journey.obligations, obligation]
  if (!(isAccepted(journey) && journey.owed.includes(group))) journey.unsettledObligations += 1
  return obligation
}

export function addAttempt(obligation: ObligationRecord, attempt: AttemptRecord): void {
  obligation.attempts = [...obligation.attempts, attempt]
  obligation.receiveCount = Math.max(obligation.receiveCount, attempt.receiveCount)
}

/** Shared by all obligations that still wait; never changed. */
const noAttempts: AttemptRecord[] = []
