import type { NewMessage, QueueStore } from '../stores/queue-store.ts'
import { type HttpDelivery, outbox } from './outbox.ts'

/** How much may wait in the outbox. */
export interface BacklogBounds {
  /** Deliveries of all processes that share the store. Default 10,000. */
  deliveries?: number
  /** Characters of the deliveries that this process has seen. Default 67,108,864. */
  characters?: number
}

/** A count is used for so long: other processes take deliveries too. */
const countedForMs = 1_000

/** A delivery and its message in the outbox. */
export interface WantedDelivery {
  delivery: HttpDelivery
  message: NewMessage
}

interface Waiting {
  endpoint: string
  characters: number
}

/** What waits for one endpoint. */
interface Share {
  deliveries: number
  characters: number
}

/**
 * What waits in the outbox, so that endpoints which do not answer cannot fill the store. Between two counts it is an estimate that is never
 * lower than what this process has added; it is counted again before anything is refused.
 *
 * No endpoint may have more waiting than is free for all: one that keeps silent gets half of the room, two get a third each, and the others always
 * find some (dynamic queue length thresholds with a factor of 1, Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998).
 */
export class Backlog {
  private readonly store: QueueStore
  private readonly deliveries: number
  private readonly maximumCharacters: number
  /** What this process has seen, by id of the message, the oldest first. */
  private readonly seen = new Map<string, Waiting>()
  /** Of that, by endpoint. */
  private readonly shares = new Map<string, Share>()
  private characters = 0
  private waiting = 0
  private countedAt = Number.NEGATIVE_INFINITY

  constructor(store: QueueStore, { deliveries = 10_000, characters = 67_108_864 }: BacklogBounds = {}) {
    this.store = store
    this.deliveries = deliveries
    this.maximumCharacters = characters
  }

  /** Those, from the first on, for which there is room; they count as waiting from now on. */
  async admit(wanted: readonly WantedDelivery[]): Promise<WantedDelivery[]> {
    if (!this.hasRoomFor(wanted) || performance.now() - this.countedAt > countedForMs) await this.count()
    return wanted.filter(({ delivery, message }) => {
      const { endpoint } = delivery.record
      if (!this.hasRoom(endpoint, message.body.length)) return false
      this.waiting++
      this.see(message, endpoint)
      return true
    })
  }

  /** A delivery is there: perhaps another process's, or from before a kill. */
  see({ id, body }: Pick<NewMessage, 'id' | 'body'>, endpoint: string): void {
    if (this.seen.has(id)) return
    this.seen.set(id, { endpoint, characters: body.length })
    this.characters += body.length
    const share = this.shares.get(endpoint) ?? { deliveries: 0, characters: 0 }
    this.shares.set(endpoint, {
      deliveries: share.deliveries + 1,
      characters: share.characters + body.length,
    })
  }

  /** A delivery is over. */
  drop(id: string): void {
    const over = this.seen.get(id)
    if (!over) return
    this.seen.delete(id)
    this.characters -= over.characters
    const { deliveries, characters } = this.shares.get(over.endpoint) ?? { deliveries: 1, characters: 0 }
    if (deliveries <= 1) this.shares.delete(over.endpoint)
    else this.shares.set(over.endpoint, { deliveries: deliveries - 1, characters: characters - over.characters })
  }

  /** The store did not take messages that were admitted. */
  withdraw(messages: NewMessage[]): void {
    for (const { id } of messages) this.drop(id)
    this.waiting = Math.max(0, this.waiting - messages.length)
  }

  /** Everything was deleted. */
  clear(): void {
    this.seen.clear()
    this.shares.clear()
    this.characters = 0
    this.waiting = 0
  }

  private hasRoom(endpoint: string, characters: number): boolean {
    const own = this.shares.get(endpoint) ?? { deliveries: 0, characters: 0 }
    const free = { deliveries: this.deliveries - this.waiting, characters: this.maximumCharacters - this.characters }
    return own.deliveries < free.deliveries && own.characters < free.characters && characters <= free.characters
  }

  /** Whether all would find room, by what is known without a new count. */
  private hasRoomFor(wanted: readonly WantedDelivery[]): boolean {
    const characters = wanted.reduce((sum, { message }) => sum + message.body.length, 0)
    const shares = wanted.map(({ delivery }) => this.shares.get(delivery.record.endpoint)?.deliveries ?? 0)
    const [deliveries, most] = [this.waiting + wanted.length, Math.max(0, ...shares) + wanted.length]
    return deliveries + most <= this.deliveries && this.characters + 2 * characters <= this.maximumCharacters
  }

  private async count(): Promise<void> {
    const { visible, inFlight, delayed } = await this.store.counts(outbox)
    this.waiting = visible + inFlight + delayed
    this.countedAt = performance.now()
    // Another process has made the others.
    for (const id of this.seen.keys()) {
      if (this.seen.size <= this.waiting) return
      this.drop(id)
    }
  }
}
