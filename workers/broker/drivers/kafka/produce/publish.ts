import { type Envelope, headersOf } from '#contracts/events/envelope.ts'
import { keyProblem } from '#contracts/events/message-key.ts'
import type { PublishOutcome } from '../../../broker.ts'
import { type Send, sizeOf } from './sender.ts'

/** Publishes envelopes as records, one outcome each, in order. A message larger than `maxMessageBytes`, or with a key
 * that not every broker carries, is not sent at all. */
export function kafkaPublisher(
  send: Send,
  maxMessageBytes: number,
): (envelopes: Envelope[]) => Promise<PublishOutcome[]> {
  return (envelopes) =>
    Promise.all(
      envelopes.map((envelope): Promise<PublishOutcome> => {
        const problem = envelope.key === undefined ? undefined : keyProblem(envelope.key)
        if (problem !== undefined) return refused('InvalidKey', `the key of the message ${problem}`)
        const record = {
          ...{ key: envelope.key ?? null, value: envelope.body, headers: Object.entries(headersOf(envelope)) },
        }
        const bytes = sizeOf(record)
        if (bytes <= maxMessageBytes) return send(envelope.topic, record)
        const message = `the message has ${bytes} bytes with its headers, and ${maxMessageBytes} are taken at most`
        return refused('MessageTooLarge', message)
      }),
    )
}

/** Before anything was sent. */
const refused = (type: string, message: string): Promise<PublishOutcome> =>
  Promise.resolve({ state: 'failed', error: { type, message } })
