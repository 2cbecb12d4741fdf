import type { LiveMessage, QueuedCopy } from '../memory/copy.ts'
import type { MemoryQueue } from '../memory/memory-queue.ts'
import type { MemoryState } from '../memory/memory-state.ts'
import type { OnceEntry } from '../memory/once-table.ts'
import type { RecordBuffer } from './record-buffer.ts'
import { putJson, putRestated, type Remembered, recordType, rememberedOf } from './records.ts'

/** Characters of a deduplication id with what is kept of it, roughly. */
const rememberedCharacters = 200

/**
 * Puts messages and deduplication ids that are still held in the oldest segment into `buffer`, with all of their state,
 * until about `bytes` of them; returns which. An empty list: nothing is left there.
 */
export function restateOldest(
  state: MemoryState,
  segment: number,
  buffer: RecordBuffer,
  bytes: number,
): (LiveMessage | OnceEntry)[] {
  const messages = restateMessages(state, segment, buffer, bytes)
  return messages.length > 0 ? messages : restateOnce(state, segment, buffer, bytes)
}

function restateOnce(state: MemoryState, segment: number, buffer: RecordBuffer, bytes: number): OnceEntry[] {
  const entries: OnceEntry[] = []
  const remembered: Remembered[] = []
  for (const [owner, table] of state.onceTables()) {
    for (const [key, entry] of table.heldIn(segment)) {
      if (entries.length * rememberedCharacters >= bytes) break
      entries.push(entry)
      remembered.push(rememberedOf(owner, key, entry))
    }
  }
  if (entries.length > 0) putJson(buffer, recordType.remembered, remembered)
  return entries
}

function restateMessages(state: MemoryState, segment: number, buffer: RecordBuffer, bytes: number): LiveMessage[] {
  const holders = new Map<LiveMessage, { queue: MemoryQueue; copy: QueuedCopy }[]>()
  let characters = 0
  // One pass finds the messages, since a message may be in several queues and at different places in each.
  for (const queue of state.byName.values()) {
    for (const { message } of queue.copies.values()) {
      if (characters >= bytes) break
      if (message.segment !== segment || holders.has(message)) continue
      holders.set(message, [])
      characters += message.body.length + message.attributes.length
    }
  }
  if (holders.size === 0) return []
  for (const queue of state.byName.values()) {
    for (const copy of queue.copies.values()) holders.get(copy.message)?.push({ queue, copy })
  }
  for (const [message, where] of holders) putRestated(buffer, message, where)
  return [...holders.keys()]
}
