import { originOf } from '../dead-letter-origin.ts'
import type { PeekedMessage, ReceivedMessage } from '../queue-store.ts'
import { receiptsOf } from '../receipt.ts'
import { unpackMessage } from './message-content.ts'

/** The messages in a receive's answer, of the queue with this number, received `now`. */
export function receivedOf(fields: string[], queue: number, now: number): ReceivedMessage[] {
  const messages: ReceivedMessage[] = []
  const receiptOf = receiptsOf(queue, now)
  for (let at = 0; at + 2 <= fields.length; at += 2) {
    const [held = '', content = ''] = [fields[at], fields[at + 1]]
    const count = held.indexOf(':') + 1
    const first = held.indexOf(':', count) + 1
    const source = held.indexOf(':', first) + 1
    const key = Number(held.slice(0, count - 1))
    const receiveCount = Number(held.slice(count, first - 1))
    const { deadLetterSource, receivedElsewhere } = originOf(held.slice(source))
    messages.push({
      message: unpackMessage(key, content),
      receipt: receiptOf(key, receiveCount),
      key,
      receiveCount,
      firstReceivedAt: Number(held.slice(first, source - 1)),
      deadLetterSource,
      receivedElsewhere,
    })
  }
  return messages
}

/** The messages in a peek's answer, as they are `now`. */
export const peekedOf = (fields: string[], now: number): PeekedMessage[] =>
  inFives(fields).map((five) => peekedIn(five, now))

/** The same of a look, undefined in place of a message that is not there. */
export const lookedOf = (fields: string[], now: number): (PeekedMessage | undefined)[] =>
  inFives(fields).map((five) => (five[1] === '' ? undefined : peekedIn(five, now)))

function peekedIn([member, score, receives, source, content]: Five, now: number): PeekedMessage {
  const receiveCount = Number(receives)
  const visibleAt = Number(score)
  return {
    message: unpackMessage(Number(member), content),
    state: visibleAt <= now ? 'visible' : receiveCount > 0 ? 'in-flight' : 'delayed',
    visibleAt,
    receiveCount,
    deadLetterSource: originOf(source).deadLetterSource,
  }
}

/** Member, when it is visible, receives, origin, content. */
type Five = [string, string, string, string, string]

function inFives(flat: string[]): Five[] {
  const rows: Five[] = []
  for (let at = 0; at + 5 <= flat.length; at += 5) rows.push(flat.slice(at, at + 5) as Five)
  return rows
}
