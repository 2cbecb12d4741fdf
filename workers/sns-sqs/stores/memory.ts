import { getHeapStatistics } from 'node:v8'
import { type Accepted, type ChangeLog, noLog } from './memory/change-log.ts'
import type { QueuedCopy } from './memory/copy.ts'
import { heldBy } from './memory/held-copy.ts'
import { QueueIntake, soonestByQueue } from './memory/intake.ts'
import { attemptsOf } from './memory/memory-attempts.ts'
import { type MemoryQueue, maximumInFlight } from './memory/memory-queue.ts'
import { MemoryState } from './memory/memory-state.ts'
import { transferVisible } from './memory/transfer.ts'
import {
  type AcceptOutcome,
  type MoveResult,
  type MoveTargets,
  type NewMessage,
  type QueueStore,
  type ReceiptOutcome,
  type ReceiveOptions,
  type ReceiveResult,
  StoreUnavailable,
  TooManyInFlight,
  UnknownQueue,
  type VisibilityChange,
} from './queue-store.ts'
import { receiptsOf } from './receipt.ts'
import type { ReceiveAttempts } from './receive-attempts.ts'

export interface MemoryStoreOptions {
  /** Epoch milliseconds. Default: the system's. */
  clock?: () => number
  /** What a journal adds: its log, and the state that it read back. */
  log?: ChangeLog
  state?: MemoryState
  /** More than this is refused: characters of bodies and attributes, and 1,200 for each message. Default: a third of the heap's limit. */
  maximumRetained?: number
}

/** Messages that one receive moves to a dead-letter queue or drops as expired, at most; the rest is for the next. */
const chores = 1_000
const sweepEveryMs = 1_000

/** Queues in the memory of this process. Every operation runs to its end in one turn, which is what makes it atomic. */
export function memoryStore(options: MemoryStoreOptions = {}): QueueStore {
  return new MemoryStore(options)
}

/** OPEN → CLOSED. CLOSED rejects everything. */
class MemoryStore implements QueueStore {
  private readonly clock: () => number
  readonly log: ChangeLog
  readonly state: MemoryState
  readonly attempts: ReceiveAttempts
  private readonly intake: QueueIntake
  private readonly listeners: ((queue: string, at: number) => void)[] = []
  private readonly sweeper: NodeJS.Timeout
  private closed = false

  constructor(options: MemoryStoreOptions) {
    this.clock = options.clock ?? Date.now
    this.log = options.log ?? noLog
    this.state = options.state ?? new MemoryState()
    const limit = options.maximumRetained ?? Math.floor(getHeapStatistics().heap_size_limit / 3)
    this.intake = new QueueIntake(this.state, limit)
    this.state.onReleased = (message) => this.log.released(message)
    this.attempts = attemptsOf(this.state.attempts, this.log, this.clock)
    this.sweeper = setInterval(() => this.sweep(), sweepEveryMs).unref()
  }

  async declarations() {
    this.assertOpen()
    return this.state.declared
  }

  knownDeclarations() {
    return this.declarations()
  }

  async declare<T>(decide: Parameters<QueueStore['declare']>[0]): Promise<T> {
    this.assertOpen()
    this.log.flush()
    const { changes, result } = decide(this.state.declared)
    let nextNumber = this.state.nextQueueNumber
    const numbered = changes.map((change) => {
      if (!('put' in change) || change.put !== 'queue') return { change, queueNumber: 0 }
      return { change, queueNumber: this.state.byName.get(change.queue.name)?.number ?? nextNumber++ }
    })
    if (numbered.length > 0) {
      this.log.declare(numbered, () => {
        for (const change of numbered) this.state.declare(change)
      })
    }
    return result as T
  }

  async accept(messages: NewMessage[]): Promise<AcceptOutcome[]> {
    this.assertOpen()
    const now = this.clock()
    const { accepted, outcomes, repeatsPending } = this.intake.enter(messages, now)
    // What it repeats may be on its way to the journal still: the answer promises that it is there.
    if (repeatsPending) this.log.flush()
    if (accepted.length === 0) return outcomes
    try {
      await this.log.accept(accepted, () => {
        const then = this.clock()
        for (const one of accepted) this.state.accept(one, then)
        this.tellOfArrivals(accepted)
      })
    } catch (error) {
      this.intake.withdraw(accepted)
      throw error
    }
    return outcomes
  }

  async receive(name: string, { max, visibilityTimeoutMs }: ReceiveOptions): Promise<ReceiveResult> {
    const queue = this.queue(name)
    const now = this.clock()
    const { settings } = queue.definition
    const room = maximumInFlight - queue.inFlight()
    const wanted = Math.min(max, room)
    const visibleAt = now + (visibilityTimeoutMs ?? settings.visibilityTimeoutMs)
    const taken: QueuedCopy[] = []
    let chore = 0
    while (taken.length < wanted && chore < chores) {
      const copy = queue.takeReady(now)
      if (copy === undefined) break
      if (this.isSpent(queue, copy, now)) chore++
      else taken.push(copy)
    }
    // The timeout may be 0: what is taken goes back only now, or one call would take it over and over.
    for (const copy of taken) {
      copy.receiveCount++
      copy.firstReceivedAt ||= now
      copy.visibleAt = visibleAt
      queue.putBack(copy, now)
    }
    queue.endTake()
    const receiptOf = receiptsOf(queue.number, now)
    const messages = taken.map((copy) => ({
      message: copy.message,
      receipt: receiptOf(copy.key, copy.receiveCount),
      key: copy.key,
      receiveCount: copy.receiveCount,
      firstReceivedAt: copy.firstReceivedAt,
      deadLetterSource: copy.deadLetterSource,
      receivedElsewhere: copy.receivedElsewhere,
    }))
    const nextVisibleAt = queue.nextVisibleAt(now)
    if (taken.length > 0) {
      const keys = taken.map((copy) => copy.key)
      this.log.received(queue.number, visibleAt, now, keys)
    } else if (room <= 0 && queue.once === undefined && nextVisibleAt !== undefined && nextVisibleAt <= now) {
      throw new TooManyInFlight(`${name} has ${maximumInFlight} messages in flight; delete some first`)
    }
    return nextVisibleAt === undefined ? { messages } : { messages, nextVisibleAt }
  }

  async delete(name: string, receipts: string[]): Promise<ReceiptOutcome[]> {
    const queue = this.queue(name)
    const now = this.clock()
    const deleted: number[] = []
    const outcomes = receipts.map((text) => {
      const held = heldBy(queue, text, now)
      if (typeof held === 'string') return held === 'gone' ? 'done' : held
      this.state.remove(queue, held)
      deleted.push(held.key)
      return 'done'
    })
    if (deleted.length > 0) {
      // In a FIFO queue the rest of the group is free now.
      if (queue.once !== undefined && queue.nextVisibleAt(now) === now) this.tell(name, now)
      await this.log.deleted(queue.number, deleted)
    }
    return outcomes
  }

  async changeVisibility(name: string, changes: VisibilityChange[]): Promise<ReceiptOutcome[]> {
    const queue = this.queue(name)
    const now = this.clock()
    const changed: { key: number; visibleAt: number }[] = []
    let soonest = Number.POSITIVE_INFINITY
    const outcomes = changes.map(({ receipt, timeoutMs, byAnyReceipt = false }) => {
      const held = heldBy(queue, receipt, now, byAnyReceipt)
      if (typeof held === 'string') return held
      // After its expiry the message is anyone's.
      if (!byAnyReceipt && (held.place === 'ready' || held.visibleAt <= now)) return 'done'
      const visibleAt = now + timeoutMs
      queue.reschedule(held, visibleAt, now)
      changed.push({ key: held.key, visibleAt })
      soonest = Math.min(soonest, visibleAt)
      return 'done'
    })
    if (changed.length > 0) {
      this.tell(name, soonest)
      await this.log.visibilityChanged(queue.number, changed)
    }
    return outcomes
  }

  async move(name: string, to: MoveTargets, max: number): Promise<MoveResult> {
    const from = this.queue(name)
    const now = this.clock()
    const { result, receivers, written } = transferVisible(this, from, to, max, now, chores)
    for (const queue of receivers) this.tell(queue, now)
    await written
    return result
  }

  async counts(name: string) {
    const queue = this.queue(name)
    const now = this.clock()
    this.state.expire(queue, now, chores)
    return queue.counts(now)
  }

  async peek(name: string, limit: number) {
    return this.queue(name).peek(limit, this.clock())
  }

  async look(name: string, keys: number[]) {
    return this.queue(name).look(keys, this.clock())
  }

  async purge(name: string): Promise<void> {
    this.log.flush()
    const queue = this.queue(name)
    this.state.purge(queue)
    this.log.purged(queue.number)
    this.log.flush()
  }

  async reset(): Promise<void> {
    this.assertOpen()
    this.log.flush()
    this.state.reset()
    this.log.reset()
    this.log.flush()
  }

  onVisible(listener: (queue: string, at: number) => void): void {
    this.listeners.push(listener)
  }

  notices(): string[] {
    return []
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    clearInterval(this.sweeper)
    await this.log.close()
  }

  private assertOpen(): void {
    if (this.closed) throw new StoreUnavailable('the queue store is closed')
  }

  private queue(name: string): MemoryQueue {
    this.assertOpen()
    const queue = this.state.byName.get(name)
    if (queue === undefined) throw new UnknownQueue(`no queue is named ${name}`)
    return queue
  }

  private tellOfArrivals(accepted: Accepted[]): void {
    for (const [number, at] of soonestByQueue(accepted)) {
      const queue = this.state.byNumber.get(number)
      if (queue !== undefined) this.tell(queue.definition.name, at)
    }
  }

  private tell(queue: string, at: number): void {
    for (const listener of this.listeners) listener(queue, at)
  }

  /** Drops a copy that is past its retention, moves one that is past its receives; says whether it did. */
  private isSpent(queue: MemoryQueue, copy: QueuedCopy, now: number): boolean {
    const { retentionMs, redrive } = queue.definition.settings
    if (copy.message.sentAt + retentionMs <= now) {
      this.state.remove(queue, copy)
      return true
    }
    if (redrive === undefined || copy.receiveCount < redrive.maxReceiveCount) return false
    const deadLetters = this.state.byName.get(redrive.deadLetterQueue)
    // Without its dead-letter queue it stays where it is: delivered too often is better than lost.
    if (deadLetters === undefined || deadLetters === queue) return false
    const newKey = this.state.keyFor(deadLetters, copy)
    this.state.move(queue, deadLetters, copy, newKey, now)
    this.log.moved(queue.number, deadLetters.number, copy.key, newKey)
    this.tell(deadLetters.definition.name, now)
    return true
  }

  private sweep(): void {
    const now = this.clock()
    for (const queue of this.state.byName.values()) this.state.expire(queue, now, chores)
    this.state.expireTopics(now, chores)
  }
}
