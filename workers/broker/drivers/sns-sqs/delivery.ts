import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs'
import { unpackedHeaders } from '#contracts/events/attribute-room.ts'
import { envelopeOf } from '#contracts/events/envelope.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { Delivery } from '../../broker.ts'

/** A received message as the port hands it on. */
export function deliveryOf(group: string, message: Message, receivedAt: number): Delivery {
  const headers = headersOfAttributes(message.MessageAttributes)
  const raw = message.Body ?? ''
  const topic = topicOf(headers)
  const envelope = envelopeOf(topic, headers, raw)
  // A queue keeps no count of handler runs, so every receive counts as one: see SPEC.md, B7.
  const receiveCount = Number(message.Attributes?.ApproximateReceiveCount ?? 1)
  return {
    topic,
    group,
    ...(envelope === undefined ? {} : { envelope }),
    raw,
    headers,
    attempt: receiveCount,
    receiveCount,
    receivedAt,
    ...(message.MessageId === undefined ? {} : { ref: message.MessageId }),
  }
}

/** The headers of which attributes were made; `more` are those for which a dead letter had no room beside its note. */
export const headersOfAttributes = (
  attributes: Record<string, MessageAttributeValue> = {},
  more: Record<string, string> = {},
): Record<string, string> =>
  unpackedHeaders({
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, textOf(value)])),
    ...more,
  })

/** An attribute as text: bytes in base64. */
const textOf = ({ StringValue, BinaryValue }: MessageAttributeValue): string =>
  StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64')

/** Raw delivery does not name the topic: the identity does; an event from elsewhere counts under its type. */
function topicOf(headers: Record<string, string>): string {
  return parseIdentity(headers.ce_id ?? '')?.topic ?? headers.ce_type ?? ''
}
