import type { MessageAttributeValue } from '@aws-sdk/client-sqs'
import type { Delivery, Settlement } from '../../broker.ts'
import { type DeathNote, deathHeader } from '../../death-note.ts'

/** SQS takes ten attributes; the note is one of them. */
const maxAttributes = 10

type Death = Extract<Settlement, { kind: 'dead-letter' }>

/** The attributes of a dead letter: the original headers and the note. */
export function deadLetterAttributes(
  delivery: Delivery,
  death: Death,
  at: number,
): Record<string, MessageAttributeValue> {
  const headers = Object.entries(delivery.headers).filter(([name, value]) => value !== '' && name !== deathHeader)
  const overflow = Object.fromEntries(headers.slice(maxAttributes - 1))
  const note: DeathNote = {
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
  for (const [name, value] of headers.slice(0, maxAttributes - 1)) {
    attributes[name] = { DataType: 'String', StringValue: value }
  }
  attributes[deathHeader] = { DataType: 'String', StringValue: JSON.stringify(note) }
  return attributes
}
