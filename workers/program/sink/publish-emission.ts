import type { Emission, KnownCause } from '#workers/runtime/publish/caused-event.ts'
import type { Emitter } from '#workers/runtime/publish/emitter.ts'
import type { InHand } from '../causes/in-hand.ts'
import { causedEvent } from '../cloudevents/caused-event.ts'
import { SinkRefusal } from './sink-refusal.ts'
import type { SinkOptions } from './sink-server.ts'

/** The answer to each error that has one of its own; every other says that the broker did not acknowledge. */
const statuses = new Map([
  ['UnknownEventType', 422],
  ['InvalidEmission', 422],
  ['HopLimitReached', 422],
  ['InvalidKey', 422],
  ['InvalidText', 422],
  ['MessageTooLarge', 413],
  ['AttemptOver', 409],
])
const askAgainSeconds = 1

/**
 * Publishes what a program sends, as caused by the event in flight of which it speaks, else as the first of a flow. Refuses with 422 a type
 * that the lab does not have and data that is not what its type says, 409 a cause whose handling has just ended, 413 a message too large
 * for the broker, 503 what the broker did not acknowledge.
 */
export function publishThrough(
  emitter: Pick<Emitter, 'publishCaused'>,
  inHand: Pick<InHand, 'find'>,
): SinkOptions['publish'] {
  return async (event, clues) => {
    const found = inHand.find(clues)
    const cause: KnownCause | undefined = found && {
      id: found.id,
      attempt: found.attempt,
      receiveCount: found.receiveCount,
    }
    const emission: Emission = await emitter.publishCaused(causedEvent(event, clues.traceparents[0]), cause)
    if (emission.state === 'acked') return emission.id
    if (emission.state === 'suppressed') return emission.of
    const { type, message } = emission.error
    const status = statuses.get(type)
    if (status !== undefined) throw new SinkRefusal(status, message)
    throw new SinkRefusal(503, `the broker did not acknowledge it: ${type}: ${message}`, askAgainSeconds)
  }
}
