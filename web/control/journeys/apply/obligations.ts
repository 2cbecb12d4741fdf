import { parseIdentity } from '#contracts/events/identity.ts'
import type { Lane } from '../../ledger/lane.ts'
import {
  type AttemptRecord,
  activeState,
  ensureHop,
  type HopRecord,
  hopOf,
  isDone,
  isSettled,
  type JourneyRecord,
  toMs,
  toUs,
} from '../journey-record.ts'
import type { Place } from '../place.ts'
import type { ApplyContext } from './apply-context.ts'
import { recover } from './apply-publish.ts'

/** A message that was settled and dropped: its bits are all that is left. */
export interface Dropped {
  lane: Lane
  seq: number
  onlyBits: true
}

/**
 * The journey that an id speaks of, begun where its publish was not heard of yet: consumers report through other
 * sidecars than producers. Undefined is no identity.
 */
export function locate(context: ApplyContext, id: string, at: number): JourneyRecord | Dropped | undefined {
  const { ledger, traces, sink } = context
  let found = ledger.find(id)
  if (!found) {
    const identity = parseIdentity(id)
    if (!identity) return undefined
    found = { lane: ledger.lane(identity.producer, identity.epoch, identity.topic), seq: identity.seq }
  }
  const { lane, seq } = found
  const known = traces.get(lane, seq)
  if (known) return known
  if (sink.hasOnlyBits(lane, seq)) return { lane, seq, onlyBits: true }
  const journey = traces.ensure(lane, seq, at)
  if (!ledger.wasAttempted(lane, seq)) sink.suspect('phantom', id, '')
  return journey
}

/** A consumer spoke of the message: it is there, and owed to that group. */
export function sight(
  context: ApplyContext,
  journey: JourneyRecord,
  group: string,
  place: Place,
  at: number,
): HopRecord {
  const { ledger, traces, flow } = context
  traces.touch(journey, place)
  recover(context, journey, at)
  const known = hopOf(journey, group)
  if (known) return known
  if (ledger.owe(journey.lane, journey.seq, group)) flow.routed(journey.lane.topic, group)
  if (ledger.hasFailed(journey.lane, journey.seq)) context.sink.raise('aborted_read', journey.id, at, group)
  return knownHop(context, journey, group)
}

/** The obligation, which knows what its bits know where its journey was dropped meanwhile. */
export function knownHop(context: ApplyContext, journey: JourneyRecord, group: string): HopRecord {
  const known = hopOf(journey, group)
  if (known) return known
  const hop = ensureHop(journey, group)
  adoptBits(context, journey, hop)
  return hop
}

function adoptBits({ sink }: ApplyContext, journey: JourneyRecord, hop: HopRecord): void {
  const bits = sink.stateOf(journey.lane, journey.seq, hop.group)
  if (bits === 'none' || bits === 'open' || bits === 'dropped') return
  hop.state = bits === 'both' ? 'delivered' : bits
  journey.changedAside = true
  journey.openHops -= 1
}

/** Moves an obligation that is not settled, or that is lost, between waiting, handling and retrying. */
export function move(
  context: ApplyContext,
  journey: JourneyRecord,
  hop: HopRecord,
  to: 'waiting' | 'handling' | 'retrying',
): void {
  if (hop.state === to || isSettled(hop)) return
  context.sink.move(journey.lane, journey.seq, hop.group, activeState(hop), to)
  hop.state = to
}

/** The group is done with the message. `at` is epoch milliseconds. */
export function settle(
  context: ApplyContext,
  journey: JourneyRecord,
  hop: HopRecord,
  state: 'delivered' | 'dead_lettered' | 'lost',
  at: number,
): void {
  const { sink, flow, suspicions } = context
  const { lane, seq } = journey
  const { group } = hop
  const wasLost = hop.state === 'lost'
  const wasDone = isDone(hop)
  const outcome = state === 'dead_lettered' ? 'deadLettered' : state
  sink.settle(lane, seq, group, outcome, activeState(hop))
  suspicions.drop({ kind: 'lost', id: journey.id, group })
  if (wasLost) context.sink.retract('lost_message', journey.id, group)
  if (!isSettled(hop)) journey.openHops -= 1
  if (wasDone && hop.state !== state) sink.suspect('double', journey.id, group)
  // Of one that was delivered and dead-lettered, the delivery is what a person wants to see.
  if (hop.state !== 'delivered') hop.state = state
  if (state === 'lost') context.sink.raise('lost_message', journey.id, at, group)
  else if (state === 'dead_lettered') {
    givenUp(context, journey, hop, at)
    flow.deadLettered(group)
  } else if (!wasDone) flow.delivered(group, publishToEffectMs(journey, hop))
}

function publishToEffectMs(journey: JourneyRecord, hop: HopRecord): number | undefined {
  const endedUs = hop.attempts.at(-1)?.endedUs
  if (journey.order < 0 || endedUs === undefined) return undefined
  return toMs(journey, endedUs) - toMs(journey, journey.attemptedUs)
}

/** The same for a message whose journey is no longer kept. */
export function settleDropped(
  context: ApplyContext,
  { lane, seq }: Dropped,
  group: string,
  state: 'delivered' | 'dead_lettered',
  at: number,
): void {
  const { ledger, sink } = context
  const id = lane.prefix + seq
  const before = ledger.stateOf(lane, seq, group)
  if (before === 'dropped') {
    // Delivered long ago and now a dead letter: no redrive can explain that.
    if (state === 'dead_lettered' && !sink.isExcused(id, group)) context.sink.raise('double_settlement', id, at, group)
    return
  }
  if (!ledger.settle(lane, seq, group, state === 'delivered' ? 'delivered' : 'deadLettered', 'waiting')) return
  if (before === 'lost') context.sink.retract('lost_message', id, group)
  if (ledger.stateOf(lane, seq, group) === 'both') sink.suspect('double', id, group)
}

/** The message goes back from the dead letters to its group. */
export function redrive(context: ApplyContext, journey: JourneyRecord, hop: HopRecord): void {
  context.sink.redrive(journey.lane, journey.seq, hop.group)
  hop.leaving = undefined
  if (hop.state !== 'dead_lettered') return
  hop.state = 'waiting'
  hop.passed = false
  hop.settledUs = undefined
  hop.place = 0
  journey.openHops += 1
}

/** Since when it is on its way back from the dead letters, epoch milliseconds; undefined where it is not. */
export const leavingSince = ({ sink }: ApplyContext, id: string, hop: HopRecord): number | undefined =>
  hop.leaving ?? sink.sentBackAt(id, hop.group)

/**
 * The group gave it up at `at`. Was that after it was sent back, then it is the copy that failed again: nothing is on its way
 * any more, and a later delivery is by right only if it is sent back once more.
 */
export function givenUp(context: ApplyContext, { id }: JourneyRecord, hop: HopRecord, at: number): void {
  const since = leavingSince(context, id, hop)
  if (since === undefined || at < since) return
  hop.leaving = undefined
  context.sink.stayDead(id, hop.group)
}

/**
 * A process is gone, and with it the handlers that it ran: what they had in hand waits to be given out again. `end`:
 * how and when (epoch milliseconds) it ended, where that was told.
 */
export function interruptRuns(context: ApplyContext, instance: string, end?: { how: string; at: number }): void {
  const { runs, processes, traces } = context
  for (const { journey, hop, attempt } of runs.of(instance)) {
    if (processes.mayRun(instance, toMs(journey, attempt.startedUs))) continue
    if (end) attempt.endedBy = { how: context.intern(end.how), us: toUs(journey, end.at) }
    interrupt(context, journey, hop, attempt)
    if (journey.dropped) continue
    journey.revision += 1
    journey.changedAside = true
    traces.changed(journey, traces.isOpen(journey))
  }
}

/** Ends a run whose process is gone. */
export function interrupt(context: ApplyContext, journey: JourneyRecord, hop: HopRecord, attempt: AttemptRecord): void {
  context.runs.delete(attempt)
  attempt.outcome ??= 'interrupted'
  const isInHand = hop.attempts.some((run) => run.outcome === undefined)
  if (hop.state === 'handling' && !isInHand && !journey.dropped) move(context, journey, hop, 'waiting')
}
