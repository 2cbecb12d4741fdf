import type { EmissionCause } from '#contracts/protocols/telemetry.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { type AttemptRecord, type JourneyRecord, obligationOf, toMs } from '../journey-record.ts'
import { wholeOf } from '../packed-journey.ts'
import type { TraceStore } from '../trace-store.ts'
import type { ApplyContext } from './apply-context.ts'

/** Times of one process are read in order; so much is rounded away, in milliseconds. */
const roundingMs = 1

/**
 * An event that a handler run sends is reported before the broker is called. A run that lasts may send. One that said that it was done had
 * its message settled before what it sends was there; unless that place has its event already: then another cause is meant.
 */
export function beginEmission(context: ApplyContext, journey: JourneyRecord, at: number): void {
  const cause = journey.chained?.cause
  if (!cause) return
  const { sink } = context
  const { causing, obligation, run } = causeOf(context, journey, cause)
  if (run?.outcome === 'ok' && causing && obligation && !sink.hasEmission(cause, journey.type)) {
    if (!obligation.premature) sink.raise('premature_commit', causing.id, at, cause.group)
    obligation.premature = true
    causing.changedAside = true
    return
  }
  sink.emissionBegan(cause, journey.id)
  const isInHand = run !== undefined && (run.outcome === undefined || run.outcome === 'interrupted')
  if (!isInHand && !isCaused(context, journey, cause)) sink.suspect('uncaused', journey.id, cause.group)
}

/** The broker has the event, or certainly not: what its cause waited for. */
export function answerEmission(context: ApplyContext, journey: JourneyRecord, isAccepted: boolean, at: number): void {
  const cause = journey.chained?.cause
  if (!cause) return
  const { sink } = context
  const isSecond = isAccepted && !sink.addEmission(cause, journey.type)
  if (isSecond && isCaused(context, journey, cause)) sink.raise('duplicate_emission', journey.id, at, cause.group)
  sink.emissionAnswered(cause, journey.id, isAccepted)
}

/**
 * A run is over; `isDone`: it says that it did what the message asks for. Answers whether the message is delivered by that: not while the
 * broker does not have all that the run sent.
 */
export function endEmissions(
  { sink }: ApplyContext,
  { id, group, run }: { id: string; group: string; run: AttemptRecord },
  isDone: boolean,
): boolean {
  const { attempt, receiveCount } = run
  const emitting = { id, group, attempt, receiveCount }
  const awaits = isDone && sink.awaitsEmission(emitting)
  sink.runEnded(emitting, isDone)
  return isDone && !awaits
}

/**
 * Whether the run that an event names as its cause can have published it: it was reported by the same process, and lasted then. What is no
 * longer kept of the cause proves nothing.
 */
export function isCaused(books: Books, journey: JourneyRecord, cause: EmissionCause): boolean {
  const { found, causing, run } = causeOf(books, journey, cause)
  if (!causing) return found !== undefined && books.ledger.isFinal(found.sequence, found.seq)
  return run !== undefined && lasted(causing, run, toMs(journey, journey.attemptedUs))
}

/** Whether an event was reported only after its cause was done, so that its cause is known to have been settled too early. */
export const isBelated = (books: Books, journey: JourneyRecord, cause: EmissionCause): boolean =>
  causeOf(books, journey, cause).obligation?.premature === true

interface Books {
  ledger: Pick<Ledger, 'find' | 'isFinal'>
  traces: Pick<TraceStore, 'get'>
}

/** The run that an event names as its cause; undefined if there is none, or its flow is another. */
function causeOf({ ledger, traces }: Books, journey: JourneyRecord, cause: EmissionCause) {
  const found = ledger.find(cause.id)
  const causing = found && traces.get(found.sequence, found.seq)
  if (!causing) return { found }
  const { chained, order, id } = wholeOf(causing)
  const obligation = obligationOf(causing, cause.group)
  if (order >= 0 && (chained?.correlationId ?? id) !== journey.chained?.correlationId) return { found, causing }
  const { producer } = journey.sequence
  // Kafka does not count deliveries: what a killed process had is given out again under the same numbers.
  const alike = obligation?.attempts.filter((attempt) => isRunOf(attempt, cause, producer)) ?? []
  const at = toMs(journey, journey.attemptedUs)
  const run = alike.findLast((attempt) => lasted(causing, attempt, at)) ?? alike.at(-1)
  return { found, causing, obligation, run }
}

const isRunOf = (run: AttemptRecord, { attempt, receiveCount }: EmissionCause, producer: string): boolean =>
  run.attempt === attempt && run.receiveCount === receiveCount && run.instance === producer

/** What was on the way when a run was interrupted may be reported after that. */
function lasted(journey: JourneyRecord, { startedUs, endedUs, outcome }: AttemptRecord, at: number): boolean {
  if (toMs(journey, startedUs) - roundingMs > at) return false
  return endedUs === undefined || outcome === 'interrupted' || at <= toMs(journey, endedUs) + roundingMs
}
