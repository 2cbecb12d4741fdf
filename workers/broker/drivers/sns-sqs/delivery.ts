import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs'
import { envelopeOf } from '#contracts/events/envelope.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { Delivery } from '../../broker.ts'

/** A received message as the port hands it on. */
export function deliveryOf(group: string, message: Message, receivedAt: number): Delivery {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.MessageAttributes ?? {})) {
    headers[name] = textOf(value)
  }
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

/** An attribute as text: bytes in base64. */
export const textOf = ({ StringValue, BinaryValue }: MessageAttributeValue): string =>
  StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64')

/** Raw delivery does not name the topic: the identity does; an event from elsewhere counts under its type. */
function topicOf(headers: Record<string, string>): string {
  return parseIdentity(headers.ce_id ?? '')?.topic ?? headers.ce_type ?? ''
}
