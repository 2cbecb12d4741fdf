import { type Envelope, headersOf } from '#contracts/events/envelope.ts'
import type { PublishOutcome } from '../../../broker.ts'
import { unsendable } from '../../../unsendable.ts'
import { sizeOf } from './record.ts'
import type { SendBatch } from './sender.ts'

/**
 * Publishes envelopes as records, one outcome each, in order. A message larger than `maxMessageBytes`, or one that no broker can send, is not
 * sent at all.
 */
export function kafkaPublisher(
  send: SendBatch,
  maxMessageBytes: number,
): (envelopes: Envelope[]) => Promise<PublishOutcome[]> {
  return (envelopes) =>
    Promise.all(
      envelopes.map((envelope): Promise<PublishOutcome> => {
        const headers = headersOf(envelope)
        const error = unsendable(envelope, headers)
        if (error !== undefined) return Promise.resolve({ state: 'failed', error })
        const record = { key: envelope.key ?? null, value: envelope.body, headers: Object.entries(headers) }
        const bytes = sizeOf(record)
        if (bytes <= maxMessageBytes) return send(envelope.topic, record)
        const message = `the message has ${bytes} bytes with its key and headers; ${maxMessageBytes} are sent to Kafka at most. Publish less data.`
        return Promise.resolve({ state: 'failed', error: { type: 'MessageTooLarge', message } })
      }),
    )
}
