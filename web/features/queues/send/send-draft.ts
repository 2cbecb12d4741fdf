import type { DraftBody } from '../../form/read-draft.ts'
import { attributesIn } from '../queue-models.ts'

/** A message that is sent by hand: texts, as typed. */
export interface SendDraft {
  body: string
  /** JSON, as `attributesIn` reads it. */
  attributes: string
  subject: string
  /** Seconds. */
  delay: string
  group: string
  dedup: string
}

export const blankMessage: SendDraft = { body: '', attributes: '', subject: '', delay: '', group: '', dedup: '' }

/** The body of `POST /api/queues/send`, or of `…/publish` for a topic. What is blank is left out. */
export function bodyOfSend(to: 'queue' | 'topic', arn: string, draft: SendDraft): DraftBody {
  const { body, subject, group, dedup } = draft
  const attributes = attributesIn(draft.attributes)
  const delay = to === 'queue' && draft.delay.trim() !== '' ? Number(draft.delay) : undefined
  return {
    body: {
      ...{ arn, body, ...(typeof attributes === 'string' ? {} : { attributes }) },
      ...(delay === undefined ? {} : { delaySeconds: delay }),
      ...(to === 'topic' && subject !== '' ? { subject } : {}),
      ...(group === '' ? {} : { groupId: group }),
      ...(dedup === '' ? {} : { deduplicationId: dedup }),
    },
    errors: {
      ...(typeof attributes === 'string' ? { '/attributes': attributes } : {}),
      ...(delay !== undefined && !Number.isInteger(delay)
        ? { '/delaySeconds': 'must be a whole number of seconds' }
        : {}),
    },
  }
}
