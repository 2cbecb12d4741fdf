import { type AttemptRecord, isDone, isSettled, type JourneyRecord, type ObligationRecord } from '../journey-record.ts'
import type { ApplyContext } from './apply-context.ts'
import { settleObligation } from './obligations.ts'

/** A timer may fire, and a clock may be read, so much too early. */
const earlyToleranceMs = 20

interface Handed {
  run: AttemptRecord
  /** The run before it. */
  previous: AttemptRecord | undefined
  /** The broker's own name for the copy that was handed out. */
  ref: string | undefined
  /** Epoch milliseconds by the worker's clock. */
  at: number
}

/** What a delivery alone shows: that it comes again without a reason, too early, out of order, or as a second copy. */
export function noteDelivery(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  { run, previous, ref, at }: Handed,
): void {
  const isFirst = obligation.attempts.length === 0 && obligation.place === 0
  // A retry acts later than what was handed out meanwhile.
  const isRetry = previous?.outcome === 'error' && run.attempt > previous.attempt
  if (isFirst || isRetry) noteOrder(context, journey, obligation, ref, at)
  // One that was taken for lost because it was committed before it was handed out is handed out for the first time all the same.
  const isExplained = previous === undefined ? !isDone(obligation) : !isSettled(obligation) && wasGivenBack(previous)
  if (!isExplained) context.sink.raise('duplicate_delivery', journey.id, at, obligation.group)
  checkDue(context, journey, obligation, obligation.attempts, run, at)
  if (ref === undefined) return
  const place = deliveryPlaceOf(ref)
  // A retry, a redrive and what was given back may be another copy by right.
  if (obligation.place !== 0 && obligation.place !== place && !isExplained) {
    context.sink.raise('duplicate_write', journey.id, at, obligation.group)
  }
  obligation.place = place
}

/** Whether the consumer itself asked for another delivery. */
const wasGivenBack = ({ outcome, endedUs }: AttemptRecord): boolean =>
  outcome === 'error' || (outcome === 'interrupted' && endedUs !== undefined)

/** The broker has confirmed that it holds a message back: notes it, and judges a run that has begun meanwhile. */
export function checkHold(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  instance: string,
  at: number,
): void {
  const index = obligation.attempts.findLastIndex((run) => run.instance === instance && run.dueUs !== undefined)
  const failed = obligation.attempts[index]
  if (!failed || failed.held) return
  failed.held = true
  const nextIndex = obligation.attempts.findIndex((run, place) => place > index && run.attempt === failed.attempt + 1)
  const next = obligation.attempts[nextIndex]
  if (next) checkDue(context, journey, obligation, obligation.attempts.slice(0, nextIndex), next, at)
}

/**
 * A run that began before it was due, though the broker had agreed to hold it back. After a redelivery several runs may have
 * failed as the attempt before it: it may be the retry of any of them, and where one was never settled at the broker, of that.
 */
function checkDue(
  context: ApplyContext,
  journey: JourneyRecord,
  { group }: ObligationRecord,
  before: readonly AttemptRecord[],
  next: AttemptRecord,
  at: number,
): void {
  const failed = before.filter(({ attempt }) => attempt === next.attempt - 1)
  const isEarly = failed.length > 0 && failed.every((run) => earlyMs(context, run, next) > earlyToleranceMs)
  if (isEarly) context.sink.raise('early_retry', journey.id, at, group)
}

/**
 * How much before its due time a retry began. Times of two processes are compared by their clocks and by the control plane's,
 * and the smaller difference counts. 0 if nothing held it back.
 */
function earlyMs({ processes }: ApplyContext, failed: AttemptRecord, next: AttemptRecord): number {
  if (!failed.held || failed.dueUs === undefined) return 0
  const byClocks = (failed.dueUs - next.startedUs) / 1000
  const skewMs =
    failed.instance === next.instance ? 0 : processes.offsetOf(failed.instance) - processes.offsetOf(next.instance)
  return Math.min(byClocks, byClocks + skewMs)
}

/** Whether a later message of the same producer was handed out before. Kafka orders within a partition only. */
function noteOrder(
  { sink }: ApplyContext,
  journey: JourneyRecord,
  { group }: ObligationRecord,
  ref: string | undefined,
  at: number,
): void {
  const { sequence, seq } = journey
  const partition = ref === undefined ? null : /^(\d+)@\d+$/.exec(ref)
  const place = partition ? `${group} ${partition[1]}` : group
  if (!sink.handedOutInOrder(sequence, place, seq)) sink.raise('reordered_delivery', journey.id, at, group)
}

/** A small number that is different for different names, as good as always; never 0. */
export function deliveryPlaceOf(ref: string): number {
  let hash = 5381
  for (let index = 0; index < ref.length; index += 1) hash = (hash * 33 + ref.charCodeAt(index)) & 0x3fff_ffff
  return hash || 1
}

/** A run of which nobody can know whether it acted: the server had the whole mail, and never answered (RFC 5321, 6.1). */
const mayHaveActed = ({ outcome, error, effect }: AttemptRecord): boolean =>
  outcome === 'error' && error?.type === 'SmtpUnanswered' && effect === undefined

/** Counts runs that may have acted beside the one that did, whichever was reported first. */
export function countUnanswered(
  { sink }: ApplyContext,
  { id }: JourneyRecord,
  { group, attempts }: ObligationRecord,
  report: { run: AttemptRecord; isFirstEffect: boolean; endedAt: number },
): void {
  const { run, isFirstEffect, endedAt } = report
  const hasActed = (): boolean => attempts.some(({ effect }) => effect !== undefined && !effect.suppressed)
  const count = isFirstEffect ? attempts.filter(mayHaveActed).length : mayHaveActed(run) && hasActed() ? 1 : 0
  for (let second = 0; second < count; second += 1) {
    // An audit that finds the mail of it has it counted already.
    sink.actedAgain(id, group)
    sink.raise('duplicate_effect', id, endedAt, group)
  }
}

/** Counts a run of a handler that began. */
export function countRun(context: ApplyContext, topic: string, group: string, attempt: number): void {
  const counts = context.sink.groupCounts(topic, group)
  counts.deliveries += 1
  if (attempt > 1) counts.retries += 1
}

/** The run has done what the message asks for, at `at`, epoch milliseconds. What its service says that it did is counted. */
export function applyDelivery(
  context: ApplyContext,
  journey: JourneyRecord,
  obligation: ObligationRecord,
  { reported }: AttemptRecord,
  at: number,
): void {
  settleObligation(context, journey, obligation, 'delivered', at)
  if (reported !== undefined) context.sink.groupCounts(journey.sequence.topic, obligation.group).reported += 1
}

/** Counts a run of a handler that ended. */
export function countEnd(context: ApplyContext, topic: string, group: string, outcome: AttemptRecord['outcome']): void {
  const counts = context.sink.groupCounts(topic, group)
  counts.attempts += 1
  if (outcome === 'error') counts.errors += 1
}
