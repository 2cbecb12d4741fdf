import type { MessageAttributeValue } from '@aws-sdk/client-sqs'
import { maxAttributes } from '#contracts/events/attribute-room.ts'
import type { Delivery, Settlement } from '../../broker.ts'
import { type DeadLetterMetadata, deathHeader } from '../../dead-letter-metadata.ts'

type Death = Extract<Settlement, { kind: 'dead-letter' }>

/** The attributes of a dead letter: those of the original, and the note, which is one of the ten. Text moves into the note if there is no room: it has one type. */
export function deadLetterAttributes(
  delivery: Delivery,
  original: Readonly<Record<string, MessageAttributeValue>>,
  death: Death,
  at: number,
): Record<string, MessageAttributeValue> {
  const others = Object.entries(original).filter(([name]) => name !== deathHeader)
  const all = [...others.filter(([, value]) => !isText(value)), ...others.filter(([, value]) => isText(value))]
  const overflow = Object.fromEntries(
    all.slice(maxAttributes - 1).map(([name]) => [name, delivery.headers[name] ?? '']),
  )
  const note: DeadLetterMetadata = {
    ...(delivery.envelope === undefined ? {} : { id: delivery.envelope.id }),
    topic: delivery.topic,
    group: delivery.group,
    attempts: death.attempts,
    receiveCount: delivery.receiveCount,
    reason: death.reason,
    error: death.error,
    ...(delivery.ref === undefined ? {} : { ref: delivery.ref }),
    at,
    ...(Object.keys(overflow).length === 0 ? {} : { headers: overflow }),
  }
  const attributes: Record<string, MessageAttributeValue> = {}
  for (const [name, value] of all.slice(0, maxAttributes - 1)) attributes[name] = sendable(value)
  attributes[deathHeader] = { DataType: 'String', StringValue: JSON.stringify(note) }
  return attributes
}

/** Text of the plain type; a type with a label of its own (`String.uuid`) is kept as it is. */
export const isText = ({ DataType }: MessageAttributeValue): boolean => DataType === 'String'

/** A received attribute as it may be sent again: with the one value that its type has. */
export const sendable = ({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue =>
  DataType?.startsWith('Binary') ? { DataType, BinaryValue } : { DataType, StringValue }
