import { type JourneyRecord, toMs } from './journey-record.ts'
import { wholeOf } from './packed-journey.ts'

/** What spans need to know of the message of a journey; undefined if its publish was not reported yet. */
export function spannedMessageOf(journey: JourneyRecord | undefined) {
  if (!journey || journey.order < 0) return undefined
  const { sequence, traceparent, attemptedUs } = wholeOf(journey)
  return { traceparent, topic: sequence.topic, broker: sequence.broker, attemptedAt: toMs(journey, attemptedUs) }
}
