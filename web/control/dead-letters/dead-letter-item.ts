import { createHash } from 'node:crypto'
import type { DeadLetterCause, DeadLetterItem } from '#contracts/api/dead-letter.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { DeadLetter } from '#workers/broker/dead-letters.ts'
import { messagePattern } from './message-pattern.ts'

/** The error type where no metadata names one: the broker itself moved the message. */
const movedByBroker = {
  type: 'TooManyReceives',
  message: 'the broker moved it here: it was handed out too often without an answer',
}
/** Names a dead letter among those of all groups; a group's name holds no slash. */
export const deadLetterId = (group: string, ref: string): string => `${group}/${ref}`

/** The group and the broker's own name of a dead letter; undefined if the text is no such id. */
export function parseDeadLetterId(id: string): { group: string; ref: string } | undefined {
  const at = id.indexOf('/')
  return at < 1 || at === id.length - 1 ? undefined : { group: id.slice(0, at), ref: id.slice(at + 1) }
}

/** A dead letter as the API shows it. */
export function deadLetterItem(group: string, { ref, body, bytes, headers, note, at }: DeadLetter): DeadLetterItem {
  const { ce_id: id, ce_type: type = '', ce_partitionkey: key } = headers
  const identity = id === undefined ? undefined : parseIdentity(id)
  const error = note?.error ?? movedByBroker
  // Of bytes that are not UTF-8 the text has gaps: what could be read of it is not what was sent.
  const payload = bytes === undefined ? json(body) : undefined
  return {
    id: deadLetterId(group, ref),
    ...(identity ? { messageId: id } : {}),
    type,
    topic: note?.topic || identity?.topic || type,
    group,
    ...(key === undefined ? {} : { key }),
    ...(note ? { reason: note.reason } : {}),
    error,
    attempts: note?.attempts ?? 0,
    receiveCount: note?.receiveCount ?? 0,
    ...(payload === undefined ? {} : { payload }),
    raw: body,
    ...(bytes === undefined ? {} : { rawBase64: bytes.toString('base64') }),
    headers,
    ...(note?.ref === undefined ? {} : { ref: note.ref }),
    at: new Date(at).toISOString(),
    cause: causeKey(group, error.type, messagePattern(error.message)),
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const causeKey = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)

/** Items by cause, the most frequent first. */
export function causesOf(items: readonly DeadLetterItem[]): DeadLetterCause[] {
  const causes = new Map<string, DeadLetterCause>()
  for (const { cause: key, group, error, type, reason, at } of items) {
    const known = causes.get(key)
    if (!known) {
      const message = messagePattern(error.message)
      causes.set(key, {
        key,
        group,
        errorType: error.type,
        message,
        count: 1,
        types: [type],
        reasons: reason === undefined ? [] : [reason],
        oldestAt: at,
        newestAt: at,
      })
      continue
    }
    known.count += 1
    if (!known.types.includes(type)) known.types.push(type)
    if (reason !== undefined && !known.reasons.includes(reason)) known.reasons.push(reason)
    if (at < known.oldestAt) known.oldestAt = at
    if (at > known.newestAt) known.newestAt = at
  }
  return [...causes.values()].sort((a, b) => b.count - a.count || a.key.localeCompare(b.key))
}
