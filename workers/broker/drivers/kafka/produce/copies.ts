import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { Delivery, Settlement } from '../../../broker.ts'
import { type DeathNote, deathHeader } from '../../../death-note.ts'
import { retryTopicOf } from '../names.ts'
import type { OutgoingRecord } from './produce.ts'
import { retryHeader } from './record-headers.ts'

/** A record that must stand elsewhere before its original may be committed. */
export interface Copy {
  topic: string
  record: OutgoingRecord
}

/** The copy that waits for the next attempt, in the retry topic of that attempt or, past the last one, in that. */
export function retryCopy(delivery: Delivery, key: string | null, due: number, retryTopics: number): Copy {
  const { topic, group, attempt, receiveCount, ref, raw, bytes = raw, headers } = delivery
  return {
    topic: retryTopicOf(topic, group, Math.min(attempt, retryTopics)),
    record: {
      key,
      value: bytes,
      headers: {
        ...headers,
        [retryHeader.due]: String(Math.ceil(due)),
        [retryHeader.attempt]: String(attempt + 1),
        [retryHeader.receives]: String(receiveCount),
        ...(ref === undefined ? {} : { [retryHeader.ref]: ref }),
      },
    },
  }
}

/** The dead letter: body and headers of the original, and the note. */
export function deadLetterCopy(
  delivery: Delivery,
  key: string | null,
  death: Extract<Settlement, { kind: 'dead-letter' }>,
  at: number,
): Copy {
  const { envelope, topic, group, receiveCount, ref, raw, bytes = raw, headers } = delivery
  const note: DeathNote = {
    ...(envelope === undefined ? {} : { id: envelope.id }),
    ...{ topic, group, attempts: death.attempts, receiveCount, reason: death.reason, error: death.error },
    ...(ref === undefined ? {} : { ref }),
    at,
  }
  return {
    topic: deadLetterQueueOf(group),
    record: { key, value: bytes, headers: { ...headers, [deathHeader]: JSON.stringify(note) } },
  }
}
