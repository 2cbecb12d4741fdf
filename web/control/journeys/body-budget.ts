import type { JourneyRecord } from './journey-record.ts'
import type { OrderLog } from './order-log.ts'

/** Characters of message bodies that are kept in memory; older ones are read from the journal when they are looked at. */
export const keptBodyCharacters = 96 * 1024 * 1024

/** Keeps the bodies in memory below a bound: the oldest ones go first. */
export class BodyBudget {
  readonly #order: OrderLog
  readonly #limit: number
  #used = 0
  #next = 0

  constructor(order: OrderLog, limit = keptBodyCharacters) {
    this.#order = order
    this.#limit = limit
  }

  get used(): number {
    return this.#used
  }

  added(journey: JourneyRecord): void {
    this.#used += journey.body?.length ?? 0
    while (this.#used > this.#limit && this.#next < journey.order) {
      const oldest = this.#order.awakeAt(this.#next)
      this.#next += 1
      if (!oldest) continue
      this.removed(oldest)
      oldest.body = undefined
    }
  }

  /** A packed journey was read again. Where the bound has passed its place, its body stays in the journal. */
  woken(journey: JourneyRecord): void {
    if (journey.order < this.#next) journey.body = undefined
    this.added(journey)
  }

  removed(journey: JourneyRecord): void {
    this.#used -= journey.body?.length ?? 0
  }
}
