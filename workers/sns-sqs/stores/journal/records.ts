import type { Accepted, NumberedChange } from '../memory/change-log.ts'
import type { Copy, LiveMessage, MemoryQueue } from '../memory/memory-queue.ts'
import type { MemoryState } from '../memory/memory-state.ts'
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
} as const

export interface Snapshot {
  nextSeq: number
  nextQueueNumber: number
  declarations: NumberedChange[]
}

export function snapshotOf(state: MemoryState): Snapshot {
  const { declared, byName, nextSeq, nextQueueNumber } = state
  const declarations: NumberedChange[] = []
  for (const queue of byName.values()) {
    declarations.push({ change: { put: 'queue', queue: queue.definition }, queueNumber: queue.number })
  }
  for (const topic of declared.topics.values()) {
    declarations.push({ change: { put: 'topic', topic }, queueNumber: 0 })
  }
  for (const subscription of declared.subscriptions.values()) {
    declarations.push({ change: { put: 'subscription', subscription }, queueNumber: 0 })
  }
  return { nextSeq, nextQueueNumber, declarations }
}

export function putJson(buffer: RecordBuffer, type: number, value: Snapshot | NumberedChange[]): void {
  buffer.begin(type)
  buffer.text(JSON.stringify(value))
  buffer.end()
}

/** One record for all messages of a request: they are there together or not at all. The text is in it once. */
export function putAccepted(buffer: RecordBuffer, accepted: Accepted[]): void {
  buffer.begin(recordType.accepted)
  buffer.integer(accepted.length)
  for (const { message, legs } of accepted) {
    putMessage(buffer, message)
    buffer.integer(legs.length)
    for (const leg of legs) {
      buffer.integer(leg.queue)
      buffer.number(leg.visibleAt)
    }
  }
  buffer.end()
}

export function putRestated(
  buffer: RecordBuffer,
  message: LiveMessage,
  holders: { queue: MemoryQueue; copy: Copy }[],
): void {
  buffer.begin(recordType.restated)
  putMessage(buffer, message)
  buffer.integer(holders.length)
  for (const { queue, copy } of holders) {
    buffer.integer(queue.number)
    buffer.number(copy.key)
    buffer.number(copy.visibleAt)
    buffer.integer(copy.receiveCount)
    buffer.number(copy.firstReceivedAt)
    buffer.text(copy.deadLetterSource)
  }
  buffer.end()
}

function putMessage(buffer: RecordBuffer, message: LiveMessage): void {
  buffer.number(message.seq)
  buffer.number(message.sentAt)
  buffer.text(message.id)
  buffer.text(message.body)
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
