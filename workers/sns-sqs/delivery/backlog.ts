import type { NewMessage, QueueStore } from '../stores/queue-store.ts'
import { outbox } from './outbox.ts'

/** How much may wait in the outbox. */
export interface BacklogBounds {
  /** Deliveries of all processes that share the store. Default 10,000. */
  deliveries?: number
  /** Characters of the deliveries that this process has seen. Default 67,108,864. */
  characters?: number
}

/** A count is used for so long: other processes take deliveries too. */
const countedForMs = 1_000

/**
 * What waits in the outbox, so that endpoints which do not answer cannot fill the store. Between two counts it is an estimate that is never
 * lower than what this process has added; it is counted again before anything is refused.
 */
export class Backlog {
  private readonly store: QueueStore
  private readonly deliveries: number
  private readonly maximumCharacters: number
  /** Characters by id of the message, the oldest first. */
  private readonly sizes = new Map<string, number>()
  private characters = 0
  private waiting = 0
  private countedAt = Number.NEGATIVE_INFINITY

  constructor(store: QueueStore, { deliveries = 10_000, characters = 67_108_864 }: BacklogBounds = {}) {
    this.store = store
    this.deliveries = deliveries
    this.maximumCharacters = characters
  }

  /** Those of the messages, from the first on, for which there is room; they count as waiting from now on. */
  async admit(messages: NewMessage[]): Promise<NewMessage[]> {
    const characters = messages.reduce((sum, { body }) => sum + body.length, this.characters)
    const full = this.waiting + messages.length > this.deliveries || characters > this.maximumCharacters
    if (full || performance.now() - this.countedAt > countedForMs) await this.count()
    return messages.filter(({ id, body }) => {
      if (this.waiting >= this.deliveries || this.characters + body.length > this.maximumCharacters) return false
      this.waiting++
      this.see(id, body)
      return true
    })
  }

  /** A delivery is there: perhaps another process's, or from before a kill. */
  see(id: string, body: string): void {
    if (this.sizes.has(id)) return
    this.sizes.set(id, body.length)
    this.characters += body.length
  }

  /** A delivery is over. */
  drop(id: string): void {
    this.characters -= this.sizes.get(id) ?? 0
    this.sizes.delete(id)
  }

  /** The store did not take messages that were admitted. */
  withdraw(messages: NewMessage[]): void {
    for (const { id } of messages) this.drop(id)
    this.waiting = Math.max(0, this.waiting - messages.length)
  }

  /** Everything was deleted. */
  clear(): void {
    this.sizes.clear()
    this.characters = 0
    this.waiting = 0
  }

  private async count(): Promise<void> {
    const { visible, inFlight, delayed } = await this.store.counts(outbox)
    this.waiting = visible + inFlight + delayed
    this.countedAt = performance.now()
    // Another process has made the others.
    for (const id of this.sizes.keys()) {
      if (this.sizes.size <= this.waiting) return
      this.drop(id)
    }
  }
}
