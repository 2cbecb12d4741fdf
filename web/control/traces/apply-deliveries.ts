import { parseIdentity } from '#contracts/identity.ts'
import type { TelemetryRecord } from '#contracts/telemetry.ts'
import type { ApplyContext, Place } from './apply-context.ts'
import { recover } from './apply-publish.ts'
import {
  type AttemptRecord,
  addAttempt,
  ensureHop,
  type HopRecord,
  isSettled,
  type JourneyRecord,
  newAttempt,
  toMs,
  toUs,
} from './journey-record.ts'
import { queueUsOf } from './queue-wait.ts'

type Started = Extract<TelemetryRecord, { kind: 'delivery.started' }>
type Ended = Extract<TelemetryRecord, { kind: 'delivery.ended' }>
type Settled = Extract<TelemetryRecord, { kind: 'delivery.settled' }>

export function applyStarted(context: ApplyContext, record: Started, place: Place): void {
  const group = context.intern(record.group)
  const instance = context.intern(record.instance)
  for (const { id, attempt, receiveCount, receivedAt } of record.deliveries) {
    const journey = locate(context, id, receivedAt)
    if (journey === undefined) continue
    if (typeof journey === 'string') {
      countRun(context, journey, group, attempt)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const hop = sight(context, journey, group, place)
    if (!findAttempt(hop, receiveCount, attempt, instance)) {
      const previous = hop.attempts.at(-1)
      // The broker gave it out again: whoever had it is gone.
      if (previous && previous.outcome === undefined && previous.receiveCount < receiveCount) {
        previous.outcome = 'interrupted'
      }
      const isLatest = receiveCount >= hop.receiveCount
      const run = newAttempt(attempt, receiveCount, instance)
      run.receivedUs = toUs(journey, receivedAt)
      run.startedUs = toUs(journey, record.at)
      addAttempt(hop, run)
      began(context, journey, hop, run)
      if (isLatest && !isSettled(hop)) hop.state = 'handling'
    }
    context.traces.changed(journey, wasOpen)
  }
}

export function applyEnded(context: ApplyContext, record: Ended, place: Place): void {
  const group = context.intern(record.group)
  const instance = context.intern(record.instance)
  for (const delivery of record.deliveries) {
    const { attempt, receiveCount, next } = delivery
    const journey = locate(context, delivery.id, delivery.startedAt)
    if (journey === undefined) continue
    if (typeof journey === 'string') {
      countEnd(context, journey, group, delivery.outcome)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const hop = sight(context, journey, group, place)
    let run = findAttempt(hop, receiveCount, attempt, instance)
    if (run?.endedUs === undefined) {
      const isNew = run === undefined
      run ??= newAttempt(attempt, receiveCount, instance)
      run.startedUs = toUs(journey, delivery.startedAt)
      run.endedUs = toUs(journey, delivery.endedAt)
      run.outcome = delivery.outcome
      run.error = delivery.error
      run.effect = delivery.effect
      if (next?.state === 'retrying') run.dueUs = toUs(journey, next.dueAt)
      if (next?.state === 'dead_lettered') run.reason = next.reason
      const isLatest = receiveCount >= hop.receiveCount
      if (isNew) {
        addAttempt(hop, run)
        began(context, journey, hop, run)
      }
      ended(context, journey, hop, run, isLatest)
    }
    context.traces.changed(journey, wasOpen)
  }
}

export function applyDeliverySettled(context: ApplyContext, record: Settled, place: Place): void {
  const group = context.intern(record.group)
  for (const id of record.ids) {
    const journey = locate(context, id, record.at)
    if (journey === undefined || typeof journey === 'string') continue
    const wasOpen = context.traces.isOpen(journey)
    const hop = sight(context, journey, group, place)
    if (record.settlement === 'released') {
      if (hop.state === 'handling' && hop.attempts.at(-1)?.instance === record.instance) hop.state = 'waiting'
    } else {
      hop.settledUs ??= toUs(journey, record.at)
      if (!isSettled(hop)) settle(context, journey, hop, record.settlement === 'acked' ? 'delivered' : 'dead_lettered')
    }
    context.traces.changed(journey, wasOpen)
  }
}

/**
 * The journey that an id speaks of, begun where its publish was not heard of yet: consumers report through other
 * sidecars than producers. A text is the topic of one that was settled and dropped; undefined is no identity.
 */
function locate(
  { ledger, traces, rebuilding }: ApplyContext,
  id: string,
  at: number,
): JourneyRecord | string | undefined {
  let found = ledger.find(id)
  if (!found) {
    const identity = parseIdentity(id)
    if (!identity) return undefined
    found = { lane: ledger.lane(identity.producer, identity.epoch, identity.topic), seq: identity.seq }
  }
  const { lane, seq } = found
  const known = traces.get(lane, seq)
  if (known) return known
  return ledger.isFinal(lane, seq) && !rebuilding ? lane.topic : traces.ensure(lane, seq, at)
}

/** A consumer spoke of the message: it is there, and owed to that group. */
function sight(context: ApplyContext, journey: JourneyRecord, group: string, place: Place): HopRecord {
  context.traces.touch(journey, place.segment)
  recover(context, journey)
  if (context.ledger.owe(journey.lane, journey.seq, group)) context.flow.routed(journey.lane.topic, group)
  return ensureHop(journey, group)
}

function findAttempt(
  hop: HopRecord,
  receiveCount: number,
  attempt: number,
  instance: string,
): AttemptRecord | undefined {
  for (const run of hop.attempts) {
    if (run.receiveCount === receiveCount && run.attempt === attempt && run.instance === instance) return run
  }
  return undefined
}

function began(context: ApplyContext, journey: JourneyRecord, hop: HopRecord, run: AttemptRecord): void {
  countRun(context, journey.lane.topic, hop.group, run.attempt)
  const waitedUs = queueUsOf(journey, hop, hop.attempts.indexOf(run))
  context.flow.taken(hop.group, waitedUs === undefined ? undefined : waitedUs / 1000, run.attempt > 1)
}

function countRun(context: ApplyContext, topic: string, group: string, attempt: number): void {
  const counts = context.groupCounts(topic, group)
  counts.deliveries += 1
  if (attempt > 1) counts.retries += 1
}

function countEnd(context: ApplyContext, topic: string, group: string, outcome: AttemptRecord['outcome']): void {
  const counts = context.groupCounts(topic, group)
  counts.attempts += 1
  if (outcome === 'error') counts.errors += 1
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
  countEnd(context, journey.lane.topic, group, run.outcome)
  if (run.outcome !== 'interrupted') context.flow.handled(group, handlingMs, run.outcome === 'error')
  if (run.outcome === 'ok') {
    if (run.effect && !run.effect.suppressed) context.flow.effect(group, handlingMs)
    if (!isSettled(hop)) settle(context, journey, hop, 'delivered')
  } else if (isLatest && !isSettled(hop)) {
    if (run.outcome === 'interrupted') hop.state = 'waiting'
    else if (run.dueUs !== undefined) hop.state = 'retrying'
  }
}

function settle(
  context: ApplyContext,
  journey: JourneyRecord,
  hop: HopRecord,
  state: 'delivered' | 'dead_lettered',
): void {
  const { ledger, flow } = context
  hop.state = state
  journey.openHops -= 1
  ledger.settle(journey.lane, journey.seq, hop.group, state === 'delivered' ? 'delivered' : 'deadLettered')
  if (state === 'dead_lettered') {
    flow.deadLettered(hop.group)
    return
  }
  const endedUs = hop.attempts.at(-1)?.endedUs
  const known = journey.order >= 0 && endedUs !== undefined
  flow.delivered(hop.group, known ? toMs(journey, endedUs) - toMs(journey, journey.attemptedUs) : undefined)
}
