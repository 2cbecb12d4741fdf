import { originText } from '../dead-letter-origin.ts'
import type { Accepted, KeptAttempt, NumberedChange } from '../memory/change-log.ts'
import type { LiveMessage, QueuedCopy } from '../memory/copy.ts'
import type { MemoryQueue } from '../memory/memory-queue.ts'
import type { MemoryState } from '../memory/memory-state.ts'
import type { OnceEntry } from '../memory/once-table.ts'
import type { RecordBuffer } from './record-buffer.ts'

/** First byte of a payload. The numbers are on users' disks: add, never change. */
export const recordType = {
  /** Head of every segment: all declarations, so that the segments before it can go. */
  snapshot: 1,
  declared: 2,
  accepted: 3,
  received: 4,
  deleted: 5,
  visibilityChanged: 6,
  moved: 7,
  purged: 8,
  reset: 9,
  /** A message with its whole state, written again so that its old segment can go. */
  restated: 10,
  /** As `accepted`, of messages with a group or a deduplication id. */
  acceptedGrouped: 11,
  /** As `restated`, of such a message. */
  restatedGrouped: 12,
  /** Taken out of one queue and put into another under a new id, time and number. */
  transferred: 13,
  /** Deduplication ids, written again so that their old segment can go. */
  remembered: 14,
  /** A receive that can be repeated. */
  attempted: 15,
} as const

export interface StoreSnapshot {
  nextSeq: number
  nextQueueNumber: number
  declarations: NumberedChange[]
  /** Receives that can be repeated, the oldest first. Absent: written by an older version. */
  attempts?: [id: string, attempt: KeptAttempt][]
}

export function snapshotOf(state: MemoryState): StoreSnapshot {
  const { declared, byName, nextSeq, nextQueueNumber, attempts } = state
  const declarations: NumberedChange[] = []
  for (const queue of byName.values()) {
    declarations.push({ change: { put: 'queue', queue: queue.definition }, queueNumber: queue.number })
  }
  for (const topic of declared.topics.values()) {
    declarations.push({ change: { put: 'topic', topic }, queueNumber: 0 })
  }
  for (const record of declared.records.values()) {
    declarations.push({ change: { put: 'record', record }, queueNumber: 0 })
  }
  for (const subscription of declared.subscriptions.values()) {
    declarations.push({ change: { put: 'subscription', subscription }, queueNumber: 0 })
  }
  return { nextSeq, nextQueueNumber, declarations, attempts: attempts.entries() }
}

export function putJson(
  buffer: RecordBuffer,
  type: number,
  value: StoreSnapshot | NumberedChange[] | Remembered[],
): void {
  buffer.begin(type)
  buffer.text(JSON.stringify(value))
  buffer.end()
}

/** A deduplication id as it is kept on the disk. */
export interface Remembered {
  owner: number | string
  key: string
  token: string
  id: string
  seq: number
  at: number
}

export const rememberedOf = (owner: number | string, key: string, entry: OnceEntry): Remembered => {
  const { token, id, seq, at } = entry
  return { owner, key, token, id, seq, at }
}

const isGrouped = ({ groupId, deduplicationId }: LiveMessage): boolean => groupId !== '' || deduplicationId !== ''

/** One record for all messages of a request: they are there together or not at all. The text is in it once. */
export function putAccepted(buffer: RecordBuffer, accepted: Accepted[]): void {
  const grouped = accepted.some(({ message, uses }) => uses !== undefined || isGrouped(message))
  buffer.begin(grouped ? recordType.acceptedGrouped : recordType.accepted)
  buffer.integer(accepted.length)
  for (const { message, legs, uses = [] } of accepted) {
    putMessage(buffer, message)
    buffer.integer(legs.length)
    for (const leg of legs) {
      buffer.integer(leg.queue)
      buffer.number(leg.visibleAt)
    }
    if (!grouped) continue
    putGroup(buffer, message)
    buffer.text(
      uses.length === 0 ? '' : JSON.stringify(uses.map(({ owner, key, entry }) => rememberedOf(owner, key, entry))),
    )
  }
  buffer.end()
}

export function putRestated(
  buffer: RecordBuffer,
  message: LiveMessage,
  holders: { queue: MemoryQueue; copy: QueuedCopy }[],
): void {
  const grouped = isGrouped(message)
  buffer.begin(grouped ? recordType.restatedGrouped : recordType.restated)
  putMessage(buffer, message)
  if (grouped) putGroup(buffer, message)
  buffer.integer(holders.length)
  for (const { queue, copy } of holders) {
    buffer.integer(queue.number)
    buffer.number(copy.key)
    buffer.number(copy.visibleAt)
    buffer.integer(copy.receiveCount)
    buffer.number(copy.firstReceivedAt)
    buffer.text(originText(copy))
  }
  buffer.end()
}

function putGroup(buffer: RecordBuffer, { groupId, deduplicationId }: LiveMessage): void {
  buffer.text(groupId)
  buffer.text(deduplicationId)
}

function putMessage(buffer: RecordBuffer, message: LiveMessage): void {
  buffer.number(message.seq)
  buffer.number(message.sentAt)
  buffer.text(message.id)
  if (message.plain) buffer.ascii(message.body)
  else buffer.text(message.body)
  buffer.text(message.attributes)
  buffer.text(message.traceHeader)
}

export function putReceived(buffer: RecordBuffer, queue: number, visibleAt: number, at: number, keys: number[]): void {
  buffer.begin(recordType.received)
  buffer.integer(queue)
  buffer.number(visibleAt)
  buffer.number(at)
  putKeys(buffer, keys)
  buffer.end()
}

export function putDeleted(buffer: RecordBuffer, queue: number, keys: number[]): void {
  buffer.begin(recordType.deleted)
  buffer.integer(queue)
  putKeys(buffer, keys)
  buffer.end()
}

export function putVisibility(
  buffer: RecordBuffer,
  queue: number,
  changes: { key: number; visibleAt: number }[],
): void {
  buffer.begin(recordType.visibilityChanged)
  buffer.integer(queue)
  buffer.integer(changes.length)
  for (const { key, visibleAt } of changes) {
    buffer.number(key)
    buffer.number(visibleAt)
  }
  buffer.end()
}

export function putMoved(buffer: RecordBuffer, from: number, to: number, key: number, newKey: number): void {
  buffer.begin(recordType.moved)
  buffer.integer(from)
  buffer.integer(to)
  buffer.number(key)
  buffer.number(newKey)
  buffer.end()
}

export function putTransferred(
  buffer: RecordBuffer,
  from: number,
  to: number,
  key: number,
  { seq, id, sentAt }: LiveMessage,
): void {
  buffer.begin(recordType.transferred)
  buffer.integer(from)
  buffer.integer(to)
  buffer.number(key)
  buffer.number(seq)
  buffer.number(sentAt)
  buffer.text(id)
  buffer.end()
}

export function putAttempted(buffer: RecordBuffer, id: string, { text, until }: KeptAttempt): void {
  buffer.begin(recordType.attempted)
  buffer.text(id)
  buffer.number(until)
  buffer.text(text)
  buffer.end()
}

export function putPurged(buffer: RecordBuffer, queue: number): void {
  buffer.begin(recordType.purged)
  buffer.integer(queue)
  buffer.end()
}

export function putReset(buffer: RecordBuffer): void {
  buffer.begin(recordType.reset)
  buffer.end()
}

function putKeys(buffer: RecordBuffer, keys: number[]): void {
  buffer.integer(keys.length)
  for (const key of keys) buffer.number(key)
}
