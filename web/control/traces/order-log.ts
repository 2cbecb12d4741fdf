import type { JourneyRecord } from './journey-record.ts'

const chunkLength = 1024

interface OrderChunk {
  items: (JourneyRecord | undefined)[]
  /** Journeys that are still kept. */
  kept: number
  /** Journeys that are not settled. A walk that looks for those skips chunks without any. */
  open: number
}

/** All kept journeys in the order in which their publishes were heard of. Appending, removing and skipping are cheap. */
export class OrderLog {
  /** The next place. */
  next = 0
  readonly #chunks = new Map<number, OrderChunk>()
  #first = 0

  append(journey: JourneyRecord): void {
    const number = Math.floor(this.next / chunkLength)
    let chunk = this.#chunks.get(number)
    if (!chunk) {
      chunk = { items: [], kept: 0, open: 0 }
      this.#chunks.set(number, chunk)
    }
    journey.order = this.next
    chunk.items[journey.order % chunkLength] = journey
    chunk.kept += 1
    this.next += 1
  }

  remove(journey: JourneyRecord): void {
    const number = Math.floor(journey.order / chunkLength)
    const chunk = this.#chunks.get(number)
    if (!chunk || chunk.items[journey.order % chunkLength] !== journey) return
    chunk.items[journey.order % chunkLength] = undefined
    chunk.kept -= 1
    if (chunk.kept > 0 || number === Math.floor(this.next / chunkLength)) return
    this.#chunks.delete(number)
    if (this.#chunks.size === 0) this.#first = Math.floor(this.next / chunkLength)
    else while (!this.#chunks.has(this.#first)) this.#first += 1
  }

  /** Notes that a journey became open (1) or settled (-1). */
  addOpen(journey: JourneyRecord, change: 1 | -1): void {
    const chunk = this.#chunks.get(Math.floor(journey.order / chunkLength))
    if (chunk) chunk.open += change
  }

  at(order: number): JourneyRecord | undefined {
    return this.#chunks.get(Math.floor(order / chunkLength))?.items[order % chunkLength]
  }

  /**
   * Walks from `before` (exclusive) to older ones until `visit` answers false. `openOnly` passes over whole chunks
   * without an open journey. Answers the order at which to go on, or undefined where the end was reached.
   */
  walkBack(before: number, openOnly: boolean, visit: (journey: JourneyRecord) => boolean): number | undefined {
    let order = Math.min(before, this.next) - 1
    while (order >= this.#first * chunkLength) {
      const number = Math.floor(order / chunkLength)
      const chunk = this.#chunks.get(number)
      if (!chunk || (openOnly && chunk.open === 0)) {
        order = number * chunkLength - 1
        continue
      }
      const journey = chunk.items[order % chunkLength]
      if (journey && !visit(journey)) return order
      order -= 1
    }
    return undefined
  }

  /** The first open journey at or after `from` for which `wanted` holds. */
  findOpen(from: number, wanted: (journey: JourneyRecord) => boolean): JourneyRecord | undefined {
    let order = Math.max(from, this.#first * chunkLength)
    while (order < this.next) {
      const number = Math.floor(order / chunkLength)
      const chunk = this.#chunks.get(number)
      if (!chunk || chunk.open === 0) {
        order = (number + 1) * chunkLength
        continue
      }
      const journey = chunk.items[order % chunkLength]
      if (journey && wanted(journey)) return journey
      order += 1
    }
    return undefined
  }
}
