import type { PeekedMessage, QueueCounts, QueueDefinition } from '../queue-store.ts'
import type { QueuedCopy } from './copy.ts'
import { DueHeap } from './due-heap.ts'
import type { OnceTable } from './once-table.ts'
import { ReadyRing } from './ready-ring.ts'

/** AWS answers OverLimit beyond this many: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const maximumInFlight = 120_000

/** The order of one queue. Receiving and deleting cost the same whatever is retained. */
export class MemoryQueue {
  definition: QueueDefinition
  /** Never used again by another queue, so that a receipt cannot fit a later queue of the same name. */
  readonly number: number
  readonly copies = new Map<number, QueuedCopy>()
  /** Deduplication ids of a FIFO queue. */
  readonly once: OnceTable | undefined
  private ready = new ReadyRing<QueuedCopy>()
  protected due = new DueHeap<QueuedCopy>()
  protected visible = 0
  private delayed = 0

  constructor(number: number, definition: QueueDefinition, once?: OnceTable) {
    this.number = number
    this.definition = definition
    this.once = once
  }

  /** Puts a copy in at its `visibleAt`. */
  put(copy: QueuedCopy, now: number): void {
    this.copies.set(copy.key, copy)
    this.putBack(copy, now)
  }

  /** Puts in at its `visibleAt` what `takeReady` took. */
  putBack(copy: QueuedCopy, now: number): void {
    if (copy.visibleAt <= now) this.makeReady(copy)
    else this.makeDue(copy)
  }

  /** Changes when a copy is visible. */
  reschedule(copy: QueuedCopy, visibleAt: number, now: number): void {
    if (copy.place === 'ready' && visibleAt <= now) return
    this.displace(copy)
    copy.visibleAt = visibleAt
    if (visibleAt <= now) this.makeReady(copy)
    else this.makeDue(copy)
  }

  remove(copy: QueuedCopy): void {
    this.displace(copy)
    this.copies.delete(copy.key)
  }

  /** The next visible copy, taken out of its order; the caller puts it somewhere, then ends the receive. */
  takeReady(now: number): QueuedCopy | undefined {
    this.promote(now)
    for (;;) {
      const copy = this.ready.shift()
      if (copy === undefined) return undefined
      if (copy.place !== 'ready') continue
      copy.place = 'gone'
      this.visible--
      return copy
    }
  }

  /** Ends a receive: what was taken has been put somewhere. */
  endTake(): void {}

  inFlight(): number {
    return this.due.length - this.delayed
  }

  /** When the next message is visible: `now` where one is already. */
  nextVisibleAt(now: number): number | undefined {
    return this.visible > 0 ? now : this.due.peek()?.visibleAt
  }

  counts(now: number): QueueCounts {
    this.promote(now)
    const first = this.copies.values().next().value
    return {
      visible: this.visible,
      inFlight: this.inFlight(),
      delayed: this.delayed,
      ...(first === undefined ? {} : { oldestSentAt: first.message.sentAt }),
    }
  }

  peek(limit: number, now: number): PeekedMessage[] {
    this.promote(now)
    const found: PeekedMessage[] = []
    for (const copy of this.copies.values()) {
      if (found.length >= limit) break
      found.push(peekedOf(copy))
    }
    return found
  }

  look(keys: number[], now: number): (PeekedMessage | undefined)[] {
    this.promote(now)
    return keys.map((key) => {
      const copy = this.copies.get(key)
      return copy === undefined ? undefined : peekedOf(copy)
    })
  }

  /** Orders everything again by age, after the journal was read. */
  rebuild(now: number): void {
    this.ready = new ReadyRing()
    this.due = new DueHeap()
    this.visible = 0
    this.delayed = 0
    const copies = [...this.copies.values()].sort((a, b) => a.key - b.key)
    this.copies.clear()
    for (const copy of copies) {
      copy.place = 'gone'
      copy.heapIndex = -1
      this.put(copy, now)
    }
  }

  protected promote(now: number): void {
    for (let copy = this.due.peek(); copy !== undefined && copy.visibleAt <= now; copy = this.due.peek()) {
      this.displace(copy)
      this.makeReady(copy)
    }
  }

  protected makeReady(copy: QueuedCopy): void {
    copy.place = 'ready'
    this.visible++
    this.ready.push(copy)
  }

  private makeDue(copy: QueuedCopy): void {
    copy.place = 'due'
    if (copy.receiveCount === 0) this.delayed++
    this.due.push(copy)
  }

  /** Takes a copy out of its place. The caller must not have changed `receiveCount` since it was put there. */
  private displace(copy: QueuedCopy): void {
    if (copy.place === 'due') {
      this.due.remove(copy)
      if (copy.receiveCount === 0) this.delayed--
    } else if (copy.place === 'ready') this.visible--
    copy.place = 'gone'
  }
}

function peekedOf({ message, visibleAt, receiveCount, deadLetterSource, place }: QueuedCopy): PeekedMessage {
  const state = place === 'ready' ? 'visible' : receiveCount > 0 ? 'in-flight' : 'delayed'
  return { message, state, visibleAt, receiveCount, deadLetterSource }
}
