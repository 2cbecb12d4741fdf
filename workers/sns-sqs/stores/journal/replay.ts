import type { NumberedChange } from '../memory/change-log.ts'
import { type LiveMessage, type MemoryQueue, newCopy } from '../memory/memory-queue.ts'
import type { MemoryState } from '../memory/memory-state.ts'
import type { RecordReader } from './record-buffer.ts'
import { recordType, type Snapshot } from './records.ts'

/**
 * Applies one record to a state that is being read back. Records about what is not there (any more) are passed over:
 * the segment that held it may be gone. Order within queues is made afterwards by `MemoryState.rebuild`.
 */
export function replayRecord(record: RecordReader, state: MemoryState, segment: number, adopt: Adopt): void {
  const type = record.byte()
  if (type === recordType.accepted) replayAccepted(record, state, segment, adopt)
  else if (type === recordType.received) replayReceived(record, state)
  else if (type === recordType.deleted) replayDeleted(record, state)
  else if (type === recordType.visibilityChanged) replayVisibility(record, state)
  else if (type === recordType.moved) replayMoved(record, state)
  else if (type === recordType.restated) replayRestated(record, state, segment, adopt)
  else if (type === recordType.declared) declareAll(JSON.parse(record.text()) as NumberedChange[], state)
  else if (type === recordType.snapshot) replaySnapshot(JSON.parse(record.text()) as Snapshot, state)
  else if (type === recordType.purged) purge(state, record.integer())
  else if (type === recordType.reset) state.reset()
  else throw new Error(`the journal has a record of type ${type}: it was written by a newer version`)
}

/** Told which segment holds a message's text from now on; 0 before is none. */
export type Adopt = (message: LiveMessage, segment: number) => void

function replaySnapshot({ nextSeq, nextQueueNumber, declarations }: Snapshot, state: MemoryState): void {
  state.nextSeq = Math.max(state.nextSeq, nextSeq)
  state.nextQueueNumber = Math.max(state.nextQueueNumber, nextQueueNumber)
  declareAll(declarations, state)
}

function declareAll(changes: NumberedChange[], state: MemoryState): void {
  for (const change of changes) state.declare(change)
}

function purge(state: MemoryState, number: number): void {
  const queue = state.byNumber.get(number)
  if (queue !== undefined) state.purge(queue)
}

function messageIn(record: RecordReader): LiveMessage {
  return {
    seq: record.number(),
    sentAt: record.number(),
    id: record.text(),
    body: record.text(),
    attributes: record.text(),
    traceHeader: record.text(),
    md5OfBody: '',
    md5OfAttributes: '',
    holders: 0,
    segment: 0,
  }
}

function replayAccepted(record: RecordReader, state: MemoryState, segment: number, adopt: Adopt): void {
  const count = record.integer()
  for (let index = 0; index < count; index++) {
    const message = messageIn(record)
    const legs = record.integer()
    for (let leg = 0; leg < legs; leg++) {
      const queue = state.byNumber.get(record.integer())
      const visibleAt = record.number()
      if (queue === undefined) continue
      queue.copies.set(message.seq, newCopy(message, visibleAt))
      message.holders++
    }
    state.nextSeq = Math.max(state.nextSeq, message.seq + 1)
    if (message.holders > 0) admit(message, state, segment, adopt)
  }
}

function admit(message: LiveMessage, state: MemoryState, segment: number, adopt: Adopt): void {
  adopt(message, segment)
  state.admit(message)
}

function replayReceived(record: RecordReader, state: MemoryState): void {
  const queue = state.byNumber.get(record.integer())
  const visibleAt = record.number()
  const at = record.number()
  const count = record.integer()
  for (let index = 0; index < count; index++) {
    const copy = queue?.copies.get(record.number())
    if (copy === undefined) continue
    copy.receiveCount++
    copy.firstReceivedAt ||= at
    copy.visibleAt = visibleAt
  }
}

function replayDeleted(record: RecordReader, state: MemoryState): void {
  const queue = state.byNumber.get(record.integer())
  const count = record.integer()
  for (let index = 0; index < count; index++) {
    const copy = queue?.copies.get(record.number())
    if (queue !== undefined && copy !== undefined) state.remove(queue, copy)
  }
}

function replayVisibility(record: RecordReader, state: MemoryState): void {
  const queue = state.byNumber.get(record.integer())
  const count = record.integer()
  for (let index = 0; index < count; index++) {
    const copy = queue?.copies.get(record.number())
    const visibleAt = record.number()
    if (copy !== undefined) copy.visibleAt = visibleAt
  }
}

function replayMoved(record: RecordReader, state: MemoryState): void {
  const from = state.byNumber.get(record.integer())
  const to = state.byNumber.get(record.integer())
  const copy = from?.copies.get(record.number())
  const newKey = record.number()
  if (from === undefined || copy === undefined) return
  // A dead-letter queue that was deleted since takes the message with it, as it would have when it was alive.
  if (to === undefined) {
    state.remove(from, copy)
    return
  }
  from.remove(copy)
  const moved = newCopy(copy.message, 0, newKey)
  moved.deadLetterSource = from.definition.arn
  to.copies.set(newKey, moved)
  state.nextSeq = Math.max(state.nextSeq, newKey + 1)
}

/** The message may be known from its old segment, which was not yet gone; then this is its state, not another one. */
function replayRestated(record: RecordReader, state: MemoryState, segment: number, adopt: Adopt): void {
  const fresh = messageIn(record)
  const holders: { queue: MemoryQueue; key: number; read: ReturnType<typeof newCopy> }[] = []
  const count = record.integer()
  let known: LiveMessage | undefined
  for (let index = 0; index < count; index++) {
    const queue = state.byNumber.get(record.integer())
    const key = record.number()
    const read = newCopy(fresh, record.number(), key)
    read.receiveCount = record.integer()
    read.firstReceivedAt = record.number()
    read.deadLetterSource = record.text()
    if (queue === undefined) continue
    known ??= queue.copies.get(key)?.message
    holders.push({ queue, key, read })
  }
  const message = known ?? fresh
  for (const { queue, key, read } of holders) {
    if (!queue.copies.has(key)) message.holders++
    queue.copies.set(key, { ...read, message })
    state.nextSeq = Math.max(state.nextSeq, key + 1)
  }
  if (message.holders === 0) return
  if (known === undefined) admit(fresh, state, segment, adopt)
  else adopt(known, segment)
}
