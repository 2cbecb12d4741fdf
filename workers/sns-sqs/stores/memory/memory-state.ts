import { MemoryDeclarations } from '../declarations.ts'
import type { Accepted, NumberedChange } from './change-log.ts'
import { type LiveMessage, newCopy, type QueuedCopy } from './copy.ts'
import { FifoQueue } from './fifo-queue.ts'
import { MemoryAttempts } from './memory-attempts.ts'
import { MemoryQueue } from './memory-queue.ts'
import { type OnceEntry, OnceTable } from './once-table.ts'

/**
 * Everything that the memory store knows, and the changes that are made to it in one way whether they come from a
 * request or from the journal.
 */
export class MemoryState {
  readonly declared = new MemoryDeclarations()
  readonly byName = new Map<string, MemoryQueue>()
  readonly byNumber = new Map<number, MemoryQueue>()
  /** Receives that can be repeated. */
  readonly attempts = new MemoryAttempts()
  nextSeq = 1
  nextQueueNumber = 1
  /** Characters of body and attributes held. */
  retainedCharacters = 0
  /** Messages held, each once. */
  retainedMessages = 0
  /** Deduplication ids remembered, of all queues and topics. */
  remembered = 0
  /** Called with what no longer needs its place in the journal. */
  onReleased: (held: LiveMessage | OnceEntry) => void = () => {}
  private readonly onceByScope = new Map<string, OnceTable>()

  accept({ message, legs }: Accepted, now: number): void {
    this.nextSeq = Math.max(this.nextSeq, message.seq + 1)
    let holders = 0
    for (const leg of legs) {
      const queue = this.byNumber.get(leg.queue)
      if (queue === undefined) continue
      queue.put(newCopy(message, leg.visibleAt), now)
      holders++
    }
    message.holders = holders
    this.admit(message)
    if (holders === 0) this.release(message)
  }

  /** Counts a message that queues hold from now on. */
  admit(message: LiveMessage): void {
    this.retainedMessages++
    this.retainedCharacters += message.body.length + message.attributes.length
  }

  /** Takes a copy out of its queue for ever. */
  remove(queue: MemoryQueue, copy: QueuedCopy): void {
    queue.remove(copy)
    if (--copy.message.holders === 0) this.release(copy.message)
  }

  /**
   * Two queues may share a dead-letter queue and a message: the second copy of it gets a key of its own. In a FIFO
   * queue keys are the order, so that what comes in now gets the last one.
   */
  keyFor(to: MemoryQueue, copy: QueuedCopy): number {
    return to.once !== undefined || to.copies.has(copy.key) ? this.nextSeq : copy.key
  }

  /** The deduplication ids of a scope that is not a queue: a topic's. */
  onceOf(scope: string): OnceTable {
    let table = this.onceByScope.get(scope)
    if (table === undefined) {
      table = this.newOnceTable()
      this.onceByScope.set(scope, table)
    }
    return table
  }

  remember(table: OnceTable, key: string, entry: OnceEntry): void {
    table.put(key, entry)
    this.remembered++
  }

  /** All tables: a queue's under its number, a topic's under its scope. */
  *onceTables(): Generator<[owner: number | string, table: OnceTable]> {
    for (const queue of this.byNumber.values()) if (queue.once !== undefined) yield [queue.number, queue.once]
    yield* this.onceByScope
  }

  /** Takes a copy out of `from` and puts `message`, which is it under a new name, into `to`. */
  transfer(from: MemoryQueue, to: MemoryQueue, copy: QueuedCopy, message: LiveMessage, now: number): void {
    this.nextSeq = Math.max(this.nextSeq, message.seq + 1)
    message.holders = 1
    to.put(newCopy(message, now), now)
    this.admit(message)
    this.remove(from, copy)
  }

  move(from: MemoryQueue, to: MemoryQueue, copy: QueuedCopy, newKey: number, now: number): void {
    this.nextSeq = Math.max(this.nextSeq, newKey + 1)
    from.remove(copy)
    const moved = newCopy(copy.message, now, newKey)
    moved.deadLetterSource = from.definition.arn
    moved.receivedElsewhere = copy.receivedElsewhere + copy.receiveCount
    to.put(moved, now)
  }

  purge(queue: MemoryQueue): void {
    for (const copy of [...queue.copies.values()]) this.remove(queue, copy)
    queue.once?.clear()
  }

  declare({ change, queueNumber }: NumberedChange): void {
    if ('put' in change && change.put === 'queue') this.putQueue(queueNumber, change.queue.name, change.queue)
    if ('remove' in change && change.remove === 'queue') this.removeQueue(change.name)
    this.declared.apply(change)
  }

  reset(): void {
    for (const queue of this.byName.values()) this.purge(queue)
    for (const table of this.onceByScope.values()) table.clear()
    this.onceByScope.clear()
    this.byName.clear()
    this.byNumber.clear()
    this.declared.clear()
    this.attempts.clear()
  }

  /** Drops the oldest messages of a queue that are past its retention, at most `limit`. */
  expire(queue: MemoryQueue, now: number, limit: number): void {
    queue.once?.expire(now, limit)
    const before = now - queue.definition.settings.retentionMs
    let dropped = 0
    for (const copy of queue.copies.values()) {
      if (copy.message.sentAt > before || dropped++ === limit) return
      this.remove(queue, copy)
    }
  }

  /** Forgets deduplication ids of topics that have had their time, at most `limit` of each. */
  expireTopics(now: number, limit: number): void {
    for (const [scope, table] of this.onceByScope) {
      table.expire(now, limit)
      if (table.size === 0) this.onceByScope.delete(scope)
    }
  }

  private newOnceTable(): OnceTable {
    return new OnceTable((entry) => {
      this.remembered--
      this.onReleased(entry)
    })
  }

  private putQueue(number: number, name: string, definition: MemoryQueue['definition']): void {
    this.nextQueueNumber = Math.max(this.nextQueueNumber, number + 1)
    const known = this.byName.get(name)
    if (known !== undefined) {
      known.definition = definition
      return
    }
    const fifo = definition.settings.fifo !== undefined
    const queue = fifo ? new FifoQueue(number, definition, this.newOnceTable()) : new MemoryQueue(number, definition)
    this.byName.set(name, queue)
    this.byNumber.set(number, queue)
  }

  private removeQueue(name: string): void {
    const queue = this.byName.get(name)
    if (queue === undefined) return
    this.purge(queue)
    this.byName.delete(name)
    this.byNumber.delete(queue.number)
  }

  private release(message: LiveMessage): void {
    this.retainedMessages--
    this.retainedCharacters -= message.body.length + message.attributes.length
    this.onReleased(message)
  }
}
