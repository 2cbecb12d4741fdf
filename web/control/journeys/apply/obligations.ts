import { parseIdentity } from '#contracts/events/identity.ts'
import type { Sequence } from '../../ledger/sequence.ts'
import {
  type AttemptRecord,
  activeState,
  ensureObligation,
  isDone,
  isSettled,
  type JourneyRecord,
  type ObligationRecord,
  obligationOf,
  toMs,
  toUs,
} from '../journey-record.ts'
import type { JournalPlace } from '../place.ts'
import type { ApplyContext } from './apply-context.ts'
import { recover } from './apply-publish.ts'
import { wasSentAfterAll } from './sequence-checks.ts'

/** A message that was settled and dropped: its bits are all that is left. */
export interface Dropped {
  sequence: Sequence
  seq: number
  onlyBits: true
}

/**
 * The journey that an id speaks of, begun where its publish was not heard of yet: consumers report through other
 * sidecars than producers. Undefined is not an identity.
 */
export function locate(context: ApplyContext, id: string, at: number): JourneyRecord | Dropped | undefined {
  const { ledger, traces, sink } = context
  let found = ledger.find(id)
  if (!found) {
    const identity = parseIdentity(id)
    if (!identity) return undefined
    found = { sequence: ledger.sequence(identity.producer, identity.epoch, identity.topic), seq: identity.seq }
  }
  const { sequence, seq } = found
  const known = traces.get(sequence, seq)
  if (known) return known
  if (sink.hasOnlyBits(sequence, seq)) return { sequence, seq, onlyBits: true }
  return traces.ensure(sequence, seq, at)
}

/** A consumer spoke of the message: it is there, and owed to that group. */
export function sight(
  context: ApplyContext,
  journey: JourneyRecord,
  group: string,
  place: JournalPlace,
  at: number,
): ObligationRecord {
  const { ledger, traces, flow } = context
  traces.touch(journey, place)
  recover(context, journey, at)
  const known = obligationOf(journey, group)
  if (known) return known
  wasSentAfterAll(context, journey.sequence, journey.seq)
  if (journey.order < 0 && !ledger.wasAttempted(journey.sequence, journey.seq))
    context.sink.suspect('phantom', journey.id, '')
  if (ledger.owe(journey.sequence, journey.seq, group)) flow.routed(journey.sequence.topic, group)
  if (ledger.hasFailed(journey.sequence, journey.seq)) context.sink.raise('aborted_read', journey.id, at, group)
  return knownObligation(context, journey, group)
}

/** The obligation, which knows what its bits know where its journey was dropped meanwhile. */
export function knownObligation(context: ApplyContext, journey: JourneyRecord, group: string): ObligationRecord {
  const known = obligationOf(journey, group)
  if (known) return known
  const obligation = ensureObligation(journey, group)
  adoptBits(context, journey, obligation)
  return obligation
}

function adoptBits({ sink }: ApplyContext, journey: JourneyRecord, obligation: ObligationRecord): void {
  const bits = sink.stateOf(journey.sequence, journey.seq, obligation.group)
  if (bits === 'none' || bits === 'open' || bits === 'dropped') return
  obligation.state = bits === 'both' ? 'delivered' : bits
  journey.changedAside = true
  journey.unsettledObligations -= 1
}

/** Settles what had been done but for its events, which the broker has now. `at`: when that was reported, epoch milliseconds. */
export function settleDelivered(context: ApplyContext, at: number): void {
  for (const { id, group } of context.sink.takeDelivered()) {
    const found = context.ledger.find(id)
    const journey = found && context.traces.get(found.sequence, found.seq)
    const obligation = journey && obligationOf(journey, group)
    if (!obligation || isDone(obligation)) continue
    const wasOpen = context.traces.isOpen(journey)
    journey.revision += 1
    journey.changedAside = true
    settleObligation(context, journey, obligation, 'delivered', at)
    context.traces.changed(journey, wasOpen)
  }
}

/** Moves an obligation that is not settled, or that is lost, between waiting, handling and retrying. */
export function move(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  to: 'waiting' | 'handling' | 'retrying',
): void {
  if (obligation.state === to || isSettled(obligation)) return
  context.sink.move(journey.sequence, journey.seq, obligation.group, activeState(obligation), to)
  obligation.state = to
}

/** The group is done with the message. `at` is epoch milliseconds. */
export function settleObligation(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  state: 'delivered' | 'dead_lettered' | 'lost',
  at: number,
): void {
  const { sink, flow, suspicions } = context
  const { sequence, seq } = journey
  const { group } = obligation
  const wasLost = obligation.state === 'lost'
  const wasDone = isDone(obligation)
  const outcome = state === 'dead_lettered' ? 'deadLettered' : state
  sink.settle(sequence, seq, group, outcome, activeState(obligation))
  suspicions.drop({ kind: 'lost', id: journey.id, group })
  if (wasLost) context.sink.retract('lost_message', journey.id, group)
  if (!isSettled(obligation)) journey.unsettledObligations -= 1
  if (wasDone && obligation.state !== state) sink.suspect('double', journey.id, group)
  // Of one that was delivered and dead-lettered, the delivery is what a person wants to see.
  if (obligation.state !== 'delivered') obligation.state = state
  if (state === 'lost') context.sink.raise('lost_message', journey.id, at, group)
  else if (state === 'dead_lettered') {
    givenUp(context, journey, obligation, at)
    flow.deadLettered(group)
  } else if (!wasDone) flow.delivered(group, publishToEffectMs(journey, obligation))
}

function publishToEffectMs(journey: JourneyRecord, obligation: ObligationRecord): number | undefined {
  const endedUs = obligation.attempts.at(-1)?.endedUs
  if (journey.order < 0 || endedUs === undefined) return undefined
  return toMs(journey, endedUs) - toMs(journey, journey.attemptedUs)
}

/** The same for a message whose journey is no longer kept. */
export function settleDropped(
  context: ApplyContext,
  { sequence, seq }: Dropped,
  group: string,
  state: 'delivered' | 'dead_lettered',
  at: number,
): void {
  const { ledger, sink } = context
  const id = sequence.prefix + seq
  const before = ledger.stateOf(sequence, seq, group)
  if (before === 'dropped') {
    // Delivered long ago and now a dead letter: no redrive can explain that.
    if (state === 'dead_lettered' && !sink.isExcused(id, group)) context.sink.raise('double_settlement', id, at, group)
    return
  }
  if (!ledger.settle(sequence, seq, group, state === 'delivered' ? 'delivered' : 'deadLettered', 'waiting')) return
  if (before === 'lost') context.sink.retract('lost_message', id, group)
  if (ledger.stateOf(sequence, seq, group) === 'both') sink.suspect('double', id, group)
}

/** The message goes back from the dead letters to its group. */
export function redriveObligation(context: ApplyContext, journey: JourneyRecord, obligation: ObligationRecord): void {
  context.sink.redrive(journey.sequence, journey.seq, obligation.group)
  obligation.leaving = undefined
  if (obligation.state !== 'dead_lettered') return
  obligation.state = 'waiting'
  obligation.passed = false
  obligation.premature = false
  obligation.settledUs = undefined
  obligation.place = 0
  journey.unsettledObligations += 1
}

/** Since when it is on its way back from the dead letters, epoch milliseconds; undefined if it is not. */
export const leavingSince = ({ sink }: ApplyContext, id: string, obligation: ObligationRecord): number | undefined =>
  obligation.leaving ?? sink.sentBackAt(id, obligation.group)

/**
 * The group gave it up at `at`. Was that after it was sent back, then it is the copy that failed again: nothing is on its way
 * any more, and a later delivery is by right only if it is sent back once more.
 */
export function givenUp(context: ApplyContext, { id }: JourneyRecord, obligation: ObligationRecord, at: number): void {
  const since = leavingSince(context, id, obligation)
  if (since === undefined || at < since) return
  obligation.leaving = undefined
  context.sink.stayDead(id, obligation.group)
}

/**
 * A process is gone, and with it the handlers that it ran: what they had in flight waits to be given out again. `end`:
 * how and when (epoch milliseconds) it ended, where that was reported.
 */
export function interruptRuns(context: ApplyContext, instance: string, end?: { how: string; at: number }): void {
  const { runs, processes, traces } = context
  for (const { journey, obligation, attempt } of runs.of(instance)) {
    if (processes.mayRun(instance, toMs(journey, attempt.startedUs))) continue
    if (end) attempt.endedBy = { how: context.intern(end.how), us: toUs(journey, end.at) }
    interrupt(context, journey, obligation, attempt)
    if (journey.dropped) continue
    journey.revision += 1
    journey.changedAside = true
    traces.changed(journey, traces.isOpen(journey))
  }
}

/** Ends a run whose process is gone. */
export function interrupt(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  attempt: AttemptRecord,
): void {
  context.runs.delete(attempt)
  attempt.outcome ??= 'interrupted'
  const { attempt: number, receiveCount } = attempt
  context.sink.runEnded({ id: journey.id, group: obligation.group, attempt: number, receiveCount }, false)
  const isInHand = obligation.attempts.some((run) => run.outcome === undefined)
  if (obligation.state === 'handling' && !isInHand && !journey.dropped) move(context, journey, obligation, 'waiting')
}
