import { type Envelope, headersOf } from '#contracts/events/envelope.ts'
import type { PublishOutcome } from '../../../broker.ts'
import { type Send, sizeOf } from './sender.ts'

/** Publishes envelopes as records, one outcome each, in order. A message larger than `maxMessageBytes` is not sent at all. */
export function kafkaPublisher(
  send: Send,
  maxMessageBytes: number,
): (envelopes: Envelope[]) => Promise<PublishOutcome[]> {
  return (envelopes) =>
    Promise.all(
      envelopes.map((envelope): Promise<PublishOutcome> => {
        const record = { key: envelope.key ?? null, value: envelope.body, headers: headersOf(envelope) }
        const bytes = sizeOf(record)
        if (bytes <= maxMessageBytes) return send(envelope.topic, record)
        const message = `the message has ${bytes} bytes with its headers, and ${maxMessageBytes} are taken at most`
        return Promise.resolve({ state: 'failed', error: { type: 'MessageTooLarge', message } })
      }),
    )
}
