import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import {
  type AttemptRecord,
  addAttempt,
  type HopRecord,
  hopOf,
  isDone,
  isSettled,
  type JourneyRecord,
  newAttempt,
  toUs,
} from '../journey-record.ts'
import type { Place } from '../place.ts'
import { queueUsOf } from '../queue-wait.ts'
import type { ApplyContext } from './apply-context.ts'
import { checkHold, noteDelivery, placeOf } from './delivery-checks.ts'
import {
  type Dropped,
  givenUp,
  interrupt,
  knownHop,
  leavingSince,
  locate,
  move,
  redrive,
  settle,
  settleDropped,
  sight,
} from './obligations.ts'

type Started = Extract<TelemetryRecord, { kind: 'delivery.started' }>
type Ended = Extract<TelemetryRecord, { kind: 'delivery.ended' }>
type EndedDelivery = Ended['deliveries'][number]
type Settled = Extract<TelemetryRecord, { kind: 'delivery.settled' }>
type Redriven = Extract<TelemetryRecord, { kind: 'delivery.redriven' }>

export function applyStarted(context: ApplyContext, record: Started, place: Place): void {
  const group = context.intern(record.group)
  const instance = context.intern(record.instance)
  for (const { id, attempt, receiveCount, receivedAt, ref } of record.deliveries) {
    const journey = locate(context, id, receivedAt)
    if (journey === undefined) continue
    if ('onlyBits' in journey) {
      countRun(context, journey.lane.topic, group, attempt)
      const name = context.ledger.hasFailed(journey.lane, journey.seq) ? 'aborted_read' : 'duplicate_delivery'
      context.sink.raise(name, id, record.at, group)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const hop = sight(context, journey, group, place, record.at)
    if (isDone(hop) && leavingSince(context, id, hop) !== undefined) redrive(context, journey, hop)
    const run = newAttempt(attempt, receiveCount, instance)
    run.receivedUs = toUs(journey, receivedAt)
    run.startedUs = toUs(journey, record.at)
    if (ref !== undefined) run.place = placeOf(ref)
    if (hop.attempts.some((other) => isSameStart(other, run))) context.sink.repeated(instance, id)
    else {
      const previous = hop.attempts.at(-1)
      noteDelivery(context, journey, hop, { run, previous, ref, at: record.at })
      // The broker gave it out again: whoever had it is gone.
      if (previous && previous.outcome === undefined && previous.receiveCount < receiveCount) {
        interrupt(context, journey, hop, previous)
      }
      const isLatest = receiveCount >= hop.receiveCount
      addAttempt(hop, run)
      context.runs.add({ journey, hop, attempt: run })
      began(context, journey, hop, run)
      if (isLatest) move(context, journey, hop, 'handling')
    }
    context.traces.changed(journey, wasOpen)
  }
}

export function applyEnded(context: ApplyContext, record: Ended, place: Place): void {
  const group = context.intern(record.group)
  const instance = context.intern(record.instance)
  /** What this record ended: where it says the same of a message twice, there were two copies in the batch. */
  const endedHere = new Set<AttemptRecord>()
  for (const delivery of record.deliveries) {
    const journey = locate(context, delivery.id, delivery.startedAt)
    if (journey === undefined) continue
    excuse(context, journey, group, delivery)
    if ('onlyBits' in journey) {
      countEnd(context, journey.lane.topic, group, delivery.outcome)
      addEffect(context, journey, group, delivery)
      if (isDelivery(context, group, delivery)) settleDropped(context, journey, group, 'delivered', delivery.endedAt)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const hop = sight(context, journey, group, place, delivery.startedAt)
    const runs = hop.attempts.filter((run) => isSameRun(run, delivery, instance))
    const endedUs = toUs(journey, delivery.endedAt)
    if (runs.some((run) => run.endedUs === endedUs && !endedHere.has(run))) context.sink.repeated(instance, delivery.id)
    else {
      const open = runs.find((run) => run.endedUs === undefined)
      endedHere.add(endRun(context, journey, hop, delivery, instance, open))
    }
    context.traces.changed(journey, wasOpen)
  }
}

/**
 * A message that was delivered came again, and this run of it failed by itself for the last time: the delivery is given up, which
 * is right, and the message was not settled twice. docs/adr/0014-given-up-after-delivery.md
 */
function excuse(
  { sink }: ApplyContext,
  { lane, seq }: Pick<JourneyRecord, 'lane' | 'seq'>,
  group: string,
  { outcome, next }: EndedDelivery,
): void {
  if (outcome !== 'error' || next?.state !== 'dead_lettered') return
  const bits = sink.stateOf(lane, seq, group)
  if (bits === 'delivered' || bits === 'dropped') sink.excuse(lane.prefix + seq, group)
}

function endRun(
  context: ApplyContext,
  journey: JourneyRecord,
  hop: HopRecord,
  delivery: EndedDelivery,
  instance: string,
  known: AttemptRecord | undefined,
): AttemptRecord {
  const { attempt, receiveCount, next } = delivery
  const run = known ?? newAttempt(attempt, receiveCount, instance)
  run.startedUs = toUs(journey, delivery.startedAt)
  run.endedUs = toUs(journey, delivery.endedAt)
  run.outcome = delivery.outcome
  run.error = delivery.error
  run.effect = delivery.effect
  if (next?.state === 'retrying') run.dueUs = toUs(journey, next.dueAt)
  if (next?.state === 'dead_lettered') run.reason = next.reason
  const isLatest = receiveCount >= hop.receiveCount
  if (!known) {
    addAttempt(hop, run)
    began(context, journey, hop, run)
  }
  context.runs.delete(run)
  ended(context, journey, hop, run, isLatest)
  return run
}

export function applyDeliverySettled(context: ApplyContext, record: Settled, place: Place): void {
  const group = context.intern(record.group)
  const { settlement, instance, at, unnamed } = record
  if (settlement === 'dead_lettered' && unnamed !== undefined) context.sink.addUnnamed(group, unnamed)
  for (const id of record.ids) {
    if (settlement === 'fenced') context.sink.raise('fenced_commit', id, at, group)
    const journey = locate(context, id, at)
    if (journey === undefined) continue
    if ('onlyBits' in journey) {
      if (settlement === 'dead_lettered') settleDropped(context, journey, group, 'dead_lettered', at)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const hop = sight(context, journey, group, place, at)
    if (settlement === 'fenced') noteFenced(journey, hop, instance, at)
    else if (settlement === 'released') {
      if (hop.attempts.at(-1)?.instance === instance && hop.state === 'handling') move(context, journey, hop, 'waiting')
    } else if (settlement === 'retrying') checkHold(context, journey, hop, instance, at)
    else if (settlement === 'dead_lettered') {
      hop.settledUs ??= toUs(journey, at)
      if (hop.state === 'dead_lettered') givenUp(context, journey, hop, at)
      else settle(context, journey, hop, 'dead_lettered', at)
    } else if (settlement === 'acked') acked(context, journey, hop, at, instance)
    context.traces.changed(journey, wasOpen)
  }
}

/** The broker had given the message to another meanwhile: the last run there was in vain, whatever it did. */
function noteFenced(journey: JourneyRecord, hop: HopRecord, instance: string, at: number): void {
  const run = hop.attempts.findLast((attempt) => attempt.instance === instance)
  if (run) run.fencedUs ??= toUs(journey, at)
}

/** The broker will not give it out again: right where the group is done with it. */
function acked(context: ApplyContext, journey: JourneyRecord, hop: HopRecord, at: number, instance: string): void {
  hop.settledUs ??= toUs(journey, at)
  if (isDone(hop) || hop.passed) return
  hop.passed = true
  context.suspicions.add('lost', journey.id, hop.group, context.now())
  // A worker reports the end of a run before it tells the broker: what it did not report, it had not done.
  if (!context.hasGap(context.serviceOf(instance))) context.sink.raise('premature_commit', journey.id, at, hop.group)
}

export function applyRedriven(context: ApplyContext, record: Redriven, place: Place): void {
  const group = context.intern(record.group)
  for (const id of record.ids) {
    const found = context.ledger.find(id)
    if (!found) continue
    const known = context.traces.get(found.lane, found.seq)
    const hop = known && hopOf(known, group)
    if (record.phase === 'sending') {
      context.sink.sendBack(id, group, record.at)
      if (!hop) continue
      hop.leaving = record.at
      context.traces.touch(known, place)
    } else if (hop) {
      // The group may have had the copy, and given it up again, before it was told that the copy is stored.
      if (leavingSince(context, id, hop) !== undefined) backToGroup(context, known, group, place)
    } else if (!known && context.sink.sentBackAt(id, group) !== undefined) {
      if (isDeadLetter(context, found, group)) {
        backToGroup(context, context.traces.ensure(found.lane, found.seq, record.at), group, place)
      }
    }
  }
}

function backToGroup(context: ApplyContext, journey: JourneyRecord, group: string, place: Place): void {
  const wasOpen = context.traces.isOpen(journey)
  context.traces.touch(journey, place)
  const hop = knownHop(context, journey, group)
  redrive(context, journey, hop)
  context.traces.changed(journey, wasOpen)
}

function isDeadLetter({ ledger }: ApplyContext, { lane, seq }: Found, group: string): boolean {
  const bits = ledger.stateOf(lane, seq, group)
  return bits === 'dead_lettered' || bits === 'both'
}
type Found = Pick<JourneyRecord, 'lane' | 'seq'>

const isSameStart = (run: AttemptRecord, other: AttemptRecord): boolean =>
  run.receiveCount === other.receiveCount &&
  run.attempt === other.attempt &&
  run.instance === other.instance &&
  run.receivedUs === other.receivedUs &&
  // Two copies of a message may come in one fetch.
  run.place === other.place

const isSameRun = (run: AttemptRecord, { attempt, receiveCount }: EndedDelivery, instance: string): boolean =>
  run.receiveCount === receiveCount && run.attempt === attempt && run.instance === instance

function began(context: ApplyContext, journey: JourneyRecord, hop: HopRecord, run: AttemptRecord): void {
  countRun(context, journey.lane.topic, hop.group, run.attempt)
  const waitedUs = queueUsOf(journey, hop, hop.attempts.indexOf(run))
  context.flow.taken(hop.group, waitedUs === undefined ? undefined : waitedUs / 1000, run.attempt > 1)
}

function countRun(context: ApplyContext, topic: string, group: string, attempt: number): void {
  const counts = context.sink.groupCounts(topic, group)
  counts.deliveries += 1
  if (attempt > 1) counts.retries += 1
}

function countEnd(context: ApplyContext, topic: string, group: string, outcome: AttemptRecord['outcome']): void {
  const counts = context.sink.groupCounts(topic, group)
  counts.attempts += 1
  if (outcome === 'error') counts.errors += 1
}

/** Whether a run did what the message asks for. Without its effect it did not, whatever the handler says. */
const isDelivery = (
  context: ApplyContext,
  group: string,
  { outcome, effect }: Pick<AttemptRecord, 'outcome' | 'effect'> | EndedDelivery,
): boolean => outcome === 'ok' && (effect !== undefined || !context.needsEffect(group))

/** Notes the effect of a run; a second one for the same obligation is an anomaly. */
function addEffect(
  context: ApplyContext,
  { lane, seq }: Pick<JourneyRecord, 'lane' | 'seq'> | Dropped,
  group: string,
  { effect, endedAt }: Pick<EndedDelivery, 'effect' | 'endedAt'>,
): void {
  if (!effect) return
  if (!context.sink.addEffect(lane, seq, group, effect.suppressed === true))
    context.sink.raise('duplicate_effect', lane.prefix + seq, endedAt, group)
}

function ended(
  context: ApplyContext,
  journey: JourneyRecord,
  hop: HopRecord,
  run: AttemptRecord,
  isLatest: boolean,
): void {
  const { group } = hop
  const handlingMs = ((run.endedUs ?? run.startedUs) - run.startedUs) / 1000
  const endedAt = journey.base + (run.endedUs ?? run.startedUs) / 1000
  countEnd(context, journey.lane.topic, group, run.outcome)
  if (run.outcome !== 'interrupted') context.flow.handled(group, handlingMs, run.outcome === 'error')
  addEffect(context, journey, group, { effect: run.effect, endedAt })
  if (run.effect && !run.effect.suppressed) context.flow.effect(group, handlingMs)
  if (run.outcome === 'ok') {
    if (isDelivery(context, group, run) && hop.state !== 'delivered')
      settle(context, journey, hop, 'delivered', endedAt)
  } else if (isLatest && !isSettled(hop)) {
    if (run.outcome === 'interrupted') move(context, journey, hop, 'waiting')
    else if (run.dueUs !== undefined) {
      move(context, journey, hop, 'retrying')
      context.dues.add(journey, hop)
    }
  }
}
