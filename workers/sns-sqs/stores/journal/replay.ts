import { originOf } from '../dead-letter-origin.ts'
import type { NumberedChange } from '../memory/change-log.ts'
import { type LiveMessage, newCopy } from '../memory/copy.ts'
import type { MemoryQueue } from '../memory/memory-queue.ts'
import type { MemoryState } from '../memory/memory-state.ts'
import type { OnceEntry } from '../memory/once-table.ts'
import { upgraded } from '../older-declarations.ts'
import type { RecordReader } from './record-buffer.ts'
import { type Remembered, recordType, type StoreSnapshot } from './records.ts'

/**
 * Applies one record to a state that is being read back. Records about what is not there (any more) are skipped:
 * the segment that held it may be gone. Order within queues is made afterwards by `MemoryState.rebuild`.
 */
export function replayRecord(record: RecordReader, state: MemoryState, segment: number, adopt: Adopt): void {
  const type = record.byte()
  if (type === recordType.accepted) replayAccepted(record, state, segment, adopt, false)
  else if (type === recordType.acceptedGrouped) replayAccepted(record, state, segment, adopt, true)
  else if (type === recordType.received) replayReceived(record, state)
  else if (type === recordType.deleted) replayDeleted(record, state)
  else if (type === recordType.visibilityChanged) replayVisibility(record, state)
  else if (type === recordType.moved) replayMoved(record, state)
  else if (type === recordType.restated) replayRestated(record, state, segment, adopt, false)
  else if (type === recordType.restatedGrouped) replayRestated(record, state, segment, adopt, true)
  else if (type === recordType.transferred) replayTransferred(record, state, adopt)
  else if (type === recordType.remembered) remember(record.text(), state, segment, adopt)
  else if (type === recordType.declared) declareAll(JSON.parse(record.text()) as NumberedChange[], state)
  else if (type === recordType.snapshot) replaySnapshot(JSON.parse(record.text()) as StoreSnapshot, state)
  else if (type === recordType.purged) purge(state, record.integer())
  else if (type === recordType.attempted) replayAttempted(record, state)
  else if (type === recordType.reset) state.reset()
  else throw new Error(`the journal has a record of type ${type}: it was written by a newer version`)
}

/** Called with the segment that holds a message's text from now on; 0 before is none. */
export type Adopt = (held: LiveMessage | OnceEntry, segment: number) => void

/** Deduplication ids, JSON text. Those that have had their time go at the first look. */
function remember(text: string, state: MemoryState, segment: number, adopt: Adopt): void {
  if (text === '') return
  for (const { owner, key, token, id, seq, at } of JSON.parse(text) as Remembered[]) {
    const table = typeof owner === 'string' ? state.onceOf(owner) : state.byNumber.get(owner)?.once
    if (table === undefined) continue
    const entry: OnceEntry = { segment: 0, token, id, seq, at }
    state.remember(table, key, entry)
    adopt(entry, segment)
  }
}

function replaySnapshot(
  { nextSeq, nextQueueNumber, declarations, attempts = [] }: StoreSnapshot,
  state: MemoryState,
): void {
  state.nextSeq = Math.max(state.nextSeq, nextSeq)
  state.nextQueueNumber = Math.max(state.nextQueueNumber, nextQueueNumber)
  declareAll(declarations, state)
  for (const [id, attempt] of attempts) state.attempts.put(id, attempt)
}

function replayAttempted(record: RecordReader, state: MemoryState): void {
  const id = record.text()
  const until = record.number()
  state.attempts.put(id, { until, text: record.text() })
}

function declareAll(changes: NumberedChange[], state: MemoryState): void {
  for (const change of changes) state.declare(upgraded(change, state))
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
    groupId: '',
    deduplicationId: '',
    md5OfBody: '',
    md5OfAttributes: '',
    plain: false,
    holders: 0,
    segment: 0,
  }
}

function readGroup(record: RecordReader, message: LiveMessage): LiveMessage {
  return { ...message, groupId: record.text(), deduplicationId: record.text() }
}

function replayAccepted(
  record: RecordReader,
  state: MemoryState,
  segment: number,
  adopt: Adopt,
  grouped: boolean,
): void {
  const count = record.integer()
  for (let index = 0; index < count; index++) {
    let message = messageIn(record)
    const legs: [queue: MemoryQueue | undefined, visibleAt: number][] = []
    for (let left = record.integer(); left > 0; left--) {
      legs.push([state.byNumber.get(record.integer()), record.number()])
    }
    if (grouped) {
      message = readGroup(record, message)
      remember(record.text(), state, segment, adopt)
    }
    for (const [queue, visibleAt] of legs) {
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
  moved.receivedElsewhere = copy.receivedElsewhere + copy.receiveCount
  to.copies.set(newKey, moved)
  state.nextSeq = Math.max(state.nextSeq, newKey + 1)
}

function replayTransferred(record: RecordReader, state: MemoryState, adopt: Adopt): void {
  const from = state.byNumber.get(record.integer())
  const to = state.byNumber.get(record.integer())
  const copy = from?.copies.get(record.number())
  const [seq, sentAt, id] = [record.number(), record.number(), record.text()]
  state.nextSeq = Math.max(state.nextSeq, seq + 1)
  if (from === undefined || copy === undefined) return
  if (to !== undefined) {
    const message: LiveMessage = { ...copy.message, seq, sentAt, id, holders: 1, segment: 0 }
    adopt(message, copy.message.segment)
    state.admit(message)
    to.copies.set(seq, newCopy(message, 0))
  }
  state.remove(from, copy)
}

/** The message may be known from its old segment, which was not yet gone; then this is its state, not another one. */
function replayRestated(
  record: RecordReader,
  state: MemoryState,
  segment: number,
  adopt: Adopt,
  grouped: boolean,
): void {
  const plain = messageIn(record)
  const fresh = grouped ? readGroup(record, plain) : plain
  const holders: { queue: MemoryQueue; key: number; read: ReturnType<typeof newCopy> }[] = []
  const count = record.integer()
  let known: LiveMessage | undefined
  for (let index = 0; index < count; index++) {
    const queue = state.byNumber.get(record.integer())
    const key = record.number()
    const read = newCopy(fresh, record.number(), key)
    read.receiveCount = record.integer()
    read.firstReceivedAt = record.number()
    Object.assign(read, originOf(record.text()))
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
