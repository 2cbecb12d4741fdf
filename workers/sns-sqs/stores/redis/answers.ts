import { originOf } from '../dead-letter-origin.ts'
import type { PeekedMessage, ReceivedMessage } from '../queue-store.ts'
import { formatReceipt } from '../receipt.ts'
import { unpackMessage } from './message-content.ts'

/** The messages in a receive's answer, of the queue with this number. */
export const receivedOf = (fields: string[], queue: number): ReceivedMessage[] =>
  inFives(fields).map(([member, count, first, source, content]) => {
    const key = Number(member)
    const receiveCount = Number(count)
    return {
      message: unpackMessage(key, content),
      receipt: formatReceipt(queue, key, receiveCount),
      key,
      receiveCount,
      firstReceivedAt: Number(first),
      ...originOf(source),
    }
  })

/** The messages in a peek's answer, as they are `now`. */
export const peekedOf = (fields: string[], now: number): PeekedMessage[] =>
  inFives(fields).map(([member, score, receives, source, content]) => {
    const receiveCount = Number(receives)
    const visibleAt = Number(score)
    return {
      message: unpackMessage(Number(member), content),
      state: visibleAt <= now ? 'visible' : receiveCount > 0 ? 'in-flight' : 'delayed',
      visibleAt,
      receiveCount,
      deadLetterSource: originOf(source).deadLetterSource,
    }
  })

type Five = [string, string, string, string, string]

/** A flat answer, five by five. */
function inFives(flat: string[]): Five[] {
  const rows: Five[] = []
  for (let at = 0; at + 5 <= flat.length; at += 5) rows.push(flat.slice(at, at + 5) as Five)
  return rows
}
