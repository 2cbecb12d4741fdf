import type { EmissionCause } from '#contracts/protocols/telemetry.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { type AttemptRecord, type JourneyRecord, obligationOf, toMs } from '../journey-record.ts'
import { wholeOf } from '../packed-journey.ts'
import type { TraceStore } from '../trace-store.ts'
import type { ApplyContext } from './apply-context.ts'

/** Times of one process may be read so much out of order, in milliseconds. */
const clockToleranceMs = 50

/** An event is told of that a handler run sends: before the broker is called. */
export function beginEmission(context: ApplyContext, journey: JourneyRecord): void {
  const cause = journey.chained?.cause
  if (!cause) return
  context.sink.emissionBegan(cause, journey.id)
  if (!isCaused(context, journey, cause)) context.sink.suspect('uncaused', journey.id, cause.group)
}

/** The broker has the event, or certainly not: what its cause waited for. */
export function answerEmission(context: ApplyContext, journey: JourneyRecord, isAccepted: boolean, at: number): void {
  const cause = journey.chained?.cause
  if (!cause) return
  const { sink } = context
  if (isAccepted && !sink.addEmission(cause, journey.type))
    sink.raise('duplicate_emission', journey.id, at, cause.group)
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
 * Whether the run that an event names as its cause can have published it: it was told of, by the same process, and lasted then. What is no
 * longer kept of the cause proves nothing.
 */
export function isCaused(
  context: { ledger: Pick<Ledger, 'find' | 'isFinal'>; traces: Pick<TraceStore, 'get'> },
  journey: JourneyRecord,
  cause: EmissionCause,
): boolean {
  const found = context.ledger.find(cause.id)
  const causing = found && context.traces.get(found.sequence, found.seq)
  if (!causing) return found !== undefined && context.ledger.isFinal(found.sequence, found.seq)
  const { chained, order, id } = wholeOf(causing)
  if (order >= 0 && (chained?.correlationId ?? id) !== journey.chained?.correlationId) return false
  const at = toMs(journey, journey.attemptedUs)
  const attempts = obligationOf(causing, cause.group)?.attempts ?? []
  return attempts.some((run) => isRunOf(run, cause, journey.sequence.producer) && lasted(causing, run, at))
}

const isRunOf = (run: AttemptRecord, { attempt, receiveCount }: EmissionCause, producer: string): boolean =>
  run.attempt === attempt && run.receiveCount === receiveCount && run.instance === producer

/** What was on the way when a run was interrupted may be told of after that. */
function lasted(journey: JourneyRecord, { startedUs, endedUs, outcome }: AttemptRecord, at: number): boolean {
  if (toMs(journey, startedUs) - clockToleranceMs > at) return false
  return endedUs === undefined || outcome === 'interrupted' || at <= toMs(journey, endedUs) + clockToleranceMs
}
