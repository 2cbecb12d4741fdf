import { type JourneyRecord, toMs } from '../journeys/journey-record.ts'
import { wholeOf } from '../journeys/packed-journey.ts'
import type { SpannedMessage } from './span-maker.ts'

/** What spans need to know of the message of a journey; undefined where its publish was not told of yet. */
export function spannedMessageOf(journey: JourneyRecord | undefined): SpannedMessage | undefined {
  if (!journey || journey.order < 0) return undefined
  const { sequence, traceparent, attemptedUs } = wholeOf(journey)
  return { traceparent, topic: sequence.topic, broker: sequence.broker, attemptedAt: toMs(journey, attemptedUs) }
}
