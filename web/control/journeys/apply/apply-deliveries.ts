import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import {
  type AttemptRecord,
  addAttempt,
  isDone,
  isSettled,
  type JourneyRecord,
  newAttempt,
  type ObligationRecord,
  obligationOf,
  toUs,
} from '../journey-record.ts'
import type { JournalPlace } from '../place.ts'
import { queueUsOf } from '../queue-wait.ts'
import type { ApplyContext } from './apply-context.ts'
import {
  applyDelivery,
  checkHold,
  countEnd,
  countRun,
  countUnanswered,
  deliveryPlaceOf,
  noteDelivery,
} from './delivery-checks.ts'
import { endEmissions } from './emissions.ts'
import {
  type Dropped,
  givenUp,
  interrupt,
  knownObligation,
  leavingSince,
  locate,
  move,
  redriveObligation,
  settleDropped,
  settleObligation,
  sight,
} from './obligations.ts'
import { isSameRun, isSameStart } from './same-run.ts'
import { countUnnamed } from './unnamed.ts'

type Started = Extract<TelemetryRecord, { kind: 'delivery.started' }>
type Ended = Extract<TelemetryRecord, { kind: 'delivery.ended' }>
type EndedDelivery = Ended['deliveries'][number]
type Settled = Extract<TelemetryRecord, { kind: 'delivery.settled' }>
type Redriven = Extract<TelemetryRecord, { kind: 'delivery.redriven' }>

export function applyStarted(context: ApplyContext, record: Started, place: JournalPlace): void {
  const group = context.intern(record.group)
  const instance = context.intern(record.instance)
  for (const { id, attempt, receiveCount, receivedAt, ref } of record.deliveries) {
    const journey = locate(context, id, receivedAt)
    if (journey === undefined) continue
    if ('onlyBits' in journey) {
      countRun(context, journey.sequence.topic, group, attempt)
      const name = context.ledger.hasFailed(journey.sequence, journey.seq) ? 'aborted_read' : 'duplicate_delivery'
      context.sink.raise(name, id, record.at, group)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const obligation = sight(context, journey, group, place, record.at)
    if (isDone(obligation) && leavingSince(context, id, obligation) !== undefined)
      redriveObligation(context, journey, obligation)
    const run = newAttempt(attempt, receiveCount, instance)
    run.receivedUs = toUs(journey, receivedAt)
    run.startedUs = toUs(journey, record.at)
    if (ref !== undefined) run.place = deliveryPlaceOf(ref)
    if (obligation.attempts.some((other) => isSameStart(other, run))) context.sink.repeated(instance, id)
    else {
      const previous = obligation.attempts.at(-1)
      noteDelivery(context, journey, obligation, { run, previous, ref, at: record.at })
      // The broker gave it out again: whoever had it is gone.
      if (previous && previous.outcome === undefined && previous.receiveCount < receiveCount) {
        interrupt(context, journey, obligation, previous)
      }
      const isLatest = receiveCount >= obligation.receiveCount
      addAttempt(obligation, run)
      context.runs.add({ journey, obligation, attempt: run })
      began(context, journey, obligation, run)
      if (isLatest) move(context, journey, obligation, 'handling')
    }
    context.traces.changed(journey, wasOpen)
  }
}

export function applyEnded(context: ApplyContext, record: Ended, place: JournalPlace): void {
  const group = context.intern(record.group)
  const instance = context.intern(record.instance)
  /** What this record ended: where it says the same of a message twice, there were two copies in the batch. */
  const endedHere = new Set<AttemptRecord>()
  for (const delivery of record.deliveries) {
    const journey = locate(context, delivery.id, delivery.startedAt)
    if (journey === undefined) continue
    excuse(context, journey, group, delivery)
    if ('onlyBits' in journey) {
      countEnd(context, journey.sequence.topic, group, delivery.outcome)
      addEffect(context, journey, group, delivery)
      if (isDelivery(context, group, delivery)) settleDropped(context, journey, group, 'delivered', delivery.endedAt)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const obligation = sight(context, journey, group, place, delivery.startedAt)
    const runs = obligation.attempts.filter((run) => isSameRun(run, delivery, instance))
    const endedUs = toUs(journey, delivery.endedAt)
    if (runs.some((run) => run.endedUs === endedUs && !endedHere.has(run))) context.sink.repeated(instance, delivery.id)
    else {
      const open = runs.find((run) => run.endedUs === undefined)
      endedHere.add(endRun(context, journey, obligation, delivery, instance, open))
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
  { sequence, seq }: Pick<JourneyRecord, 'sequence' | 'seq'>,
  group: string,
  { outcome, next }: EndedDelivery,
): void {
  if (outcome !== 'error' || next?.state !== 'dead_lettered') return
  const bits = sink.stateOf(sequence, seq, group)
  if (bits === 'delivered' || bits === 'dropped') sink.excuse(sequence.prefix + seq, group)
}

function endRun(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
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
  if (delivery.reported !== undefined) run.reported = delivery.reported
  if (delivery.suppressed !== undefined) run.suppressed = delivery.suppressed
  if (next?.state === 'retrying') run.dueUs = toUs(journey, next.dueAt)
  if (next?.state === 'dead_lettered') run.reason = next.reason
  const isLatest = receiveCount >= obligation.receiveCount
  if (!known) {
    addAttempt(obligation, run)
    began(context, journey, obligation, run)
  }
  context.runs.delete(run)
  ended(context, journey, obligation, run, isLatest)
  return run
}

export function applyDeliverySettled(context: ApplyContext, record: Settled, place: JournalPlace): void {
  const group = context.intern(record.group)
  const { settlement, instance, at } = record
  if (settlement === 'dead_lettered') countUnnamed(context, record, group, 1)
  for (const id of record.ids) {
    if (settlement === 'fenced') context.sink.raise('fenced_commit', id, at, group)
    const journey = locate(context, id, at)
    if (journey === undefined) continue
    if ('onlyBits' in journey) {
      if (settlement === 'dead_lettered') settleDropped(context, journey, group, 'dead_lettered', at)
      continue
    }
    const wasOpen = context.traces.isOpen(journey)
    const obligation = sight(context, journey, group, place, at)
    if (settlement === 'fenced') noteFenced(journey, obligation, instance, at)
    else if (settlement === 'released') {
      if (obligation.attempts.at(-1)?.instance === instance && obligation.state === 'handling')
        move(context, journey, obligation, 'waiting')
    } else if (settlement === 'retrying') checkHold(context, journey, obligation, instance, at)
    else if (settlement === 'dead_lettered') {
      obligation.settledUs ??= toUs(journey, at)
      if (obligation.state === 'dead_lettered') givenUp(context, journey, obligation, at)
      else settleObligation(context, journey, obligation, 'dead_lettered', at)
    } else if (settlement === 'acked') acked(context, journey, obligation, at, instance)
    context.traces.changed(journey, wasOpen)
  }
}

/** The broker had given the message to another meanwhile: the last run there was in vain, whatever it did. */
function noteFenced(journey: JourneyRecord, obligation: ObligationRecord, instance: string, at: number): void {
  const run = obligation.attempts.findLast((attempt) => attempt.instance === instance)
  if (run) run.fencedUs ??= toUs(journey, at)
}

/** The broker will not give it out again: right where the group is done with it. */
function acked(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  at: number,
  instance: string,
): void {
  obligation.settledUs ??= toUs(journey, at)
  if (isDone(obligation) || obligation.passed) return
  obligation.passed = true
  context.suspicions.add('lost', journey.id, obligation.group, context.now())
  // A worker reports the end of a run before it settles at the broker: what it did not report, it had not done.
  if (context.hasGap(context.serviceOf(instance))) return
  obligation.premature = true
  context.sink.raise('premature_commit', journey.id, at, obligation.group)
}

export function applyRedriven(context: ApplyContext, record: Redriven, place: JournalPlace): void {
  const group = context.intern(record.group)
  if (record.phase === 'stored') countUnnamed(context, record, group, -1)
  for (const id of record.ids) {
    const found = context.ledger.find(id)
    if (!found) continue
    const known = context.traces.get(found.sequence, found.seq)
    const obligation = known && obligationOf(known, group)
    if (record.phase === 'sending') {
      context.sink.sendBack(id, group, record.at)
      if (!obligation) continue
      obligation.leaving = record.at
      context.traces.touch(known, place)
    } else if (obligation) {
      // The group may have had the copy, and given it up again, before it learned that the copy is stored.
      if (leavingSince(context, id, obligation) !== undefined) backToGroup(context, known, group, place)
    } else if (!known && context.sink.sentBackAt(id, group) !== undefined) {
      if (isDeadLetter(context, found, group)) {
        backToGroup(context, context.traces.ensure(found.sequence, found.seq, record.at), group, place)
      }
    }
  }
}

function backToGroup(context: ApplyContext, journey: JourneyRecord, group: string, place: JournalPlace): void {
  const wasOpen = context.traces.isOpen(journey)
  context.traces.touch(journey, place)
  const obligation = knownObligation(context, journey, group)
  redriveObligation(context, journey, obligation)
  context.traces.changed(journey, wasOpen)
}

function isDeadLetter({ ledger }: ApplyContext, { sequence, seq }: Found, group: string): boolean {
  const bits = ledger.stateOf(sequence, seq, group)
  return bits === 'dead_lettered' || bits === 'both'
}
type Found = Pick<JourneyRecord, 'sequence' | 'seq'>

function began(context: ApplyContext, journey: JourneyRecord, obligation: ObligationRecord, run: AttemptRecord): void {
  countRun(context, journey.sequence.topic, obligation.group, run.attempt)
  context.sink.flows.handed(journey)
  const waitedUs = queueUsOf(journey, obligation, obligation.attempts.indexOf(run))
  context.flow.taken(obligation.group, waitedUs === undefined ? undefined : waitedUs / 1000, run.attempt > 1)
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
  { sequence, seq }: Pick<JourneyRecord, 'sequence' | 'seq'> | Dropped,
  group: string,
  { effect, endedAt }: Pick<EndedDelivery, 'effect' | 'endedAt'>,
): boolean {
  if (!effect) return false
  const isFirst = context.sink.addEffect(sequence, seq, group, effect.suppressed === true)
  if (!isFirst) context.sink.raise('duplicate_effect', sequence.prefix + seq, endedAt, group)
  return isFirst && effect.suppressed !== true
}

function ended(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  run: AttemptRecord,
  isLatest: boolean,
): void {
  const { group } = obligation
  const handlingMs = ((run.endedUs ?? run.startedUs) - run.startedUs) / 1000
  const endedAt = journey.base + (run.endedUs ?? run.startedUs) / 1000
  countEnd(context, journey.sequence.topic, group, run.outcome)
  if (run.outcome !== 'interrupted') context.flow.handled(group, handlingMs, run.outcome === 'error')
  const isFirstEffect = addEffect(context, journey, group, { effect: run.effect, endedAt })
  countUnanswered(context, journey, obligation, { run, isFirstEffect, endedAt })
  if (run.effect && !run.effect.suppressed) context.flow.effect(group, handlingMs)
  const hasDelivered = endEmissions(context, { id: journey.id, group, run }, isDelivery(context, group, run))
  if (run.outcome === 'ok') {
    if (hasDelivered && obligation.state !== 'delivered') applyDelivery(context, journey, obligation, run, endedAt)
  } else if (isLatest && !isSettled(obligation)) {
    if (run.outcome === 'interrupted') move(context, journey, obligation, 'waiting')
    else if (run.dueUs !== undefined) {
      move(context, journey, obligation, 'retrying')
      context.dues.add(journey, obligation)
    }
  }
}
