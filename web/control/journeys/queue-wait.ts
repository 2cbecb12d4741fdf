import type { JourneyRecord, ObligationRecord } from './journey-record.ts'

/**
 * Microseconds that a message could be taken until its handler began: since the broker's acknowledgement (the attempt
 * to publish if that is not known), since it was due again, or since it was given back. After a crash nobody knows
 * when the broker gave it back, so only the wait inside the worker counts. Undefined while its publish is unknown.
 */
export function queueUsOf(journey: JourneyRecord, obligation: ObligationRecord, index: number): number | undefined {
  const run = obligation.attempts[index]
  if (!run) return undefined
  const previous = index > 0 ? obligation.attempts[index - 1] : undefined
  if (!previous && run.receiveCount === 1) {
    if (journey.order < 0) return undefined
    return Math.max(run.startedUs - (journey.ackedUs ?? journey.attemptedUs), 0)
  }
  const returned = previous?.dueUs ?? previous?.endedUs ?? run.receivedUs ?? run.startedUs
  return Math.max(run.startedUs - returned, 0)
}
