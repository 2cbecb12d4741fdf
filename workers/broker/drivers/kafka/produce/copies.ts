import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { Delivery, Settlement } from '../../../broker.ts'
import { type DeadLetterMetadata, deathHeader } from '../../../dead-letter-metadata.ts'
import { retryTopicOf } from '../names.ts'
import type { OutgoingRecord } from './record.ts'
import { retryHeader } from './record-headers.ts'

/** A record that must be elsewhere before its original may be committed. */
export interface RecordCopy {
  topic: string
  record: OutgoingRecord
}

/** The copy of `original` that waits for the next attempt, in the retry topic of that attempt or, past the last one, in that. */
export function retryCopy(delivery: Delivery, original: OutgoingRecord, due: number, retryTopics: number): RecordCopy {
  const { topic, group, attempt, receiveCount, ref } = delivery
  return {
    topic: retryTopicOf(topic, group, Math.min(attempt, retryTopics)),
    record: {
      ...original,
      headers: [
        ...original.headers,
        [retryHeader.due, String(Math.ceil(due))],
        [retryHeader.attempt, String(attempt + 1)],
        [retryHeader.receives, String(receiveCount)],
        ...(ref === undefined ? [] : [[retryHeader.ref, ref] as const]),
      ],
    },
  }
}

/** The dead letter: the original, with the note as its last header. */
export function deadLetterCopy(
  delivery: Delivery,
  original: OutgoingRecord,
  death: Extract<Settlement, { kind: 'dead-letter' }>,
  at: number,
): RecordCopy {
  const { envelope, topic, group, receiveCount, ref } = delivery
  const note: DeadLetterMetadata = {
    ...(envelope === undefined ? {} : { id: envelope.id }),
    ...{ topic, group, attempts: death.attempts, receiveCount, reason: death.reason, error: death.error },
    ...(ref === undefined ? {} : { ref }),
    at,
  }
  return {
    topic: deadLetterQueueOf(group),
    record: { ...original, headers: [...original.headers, [deathHeader, JSON.stringify(note)]] },
  }
}
