import type { JourneyRecord } from './journey-record.ts'
import { chunkLength, PackedChunk } from './packed-chunk.ts'
import { type JourneyEntry, mayRest, type PackedJourney, type Rehydration } from './packed-journey.ts'

interface OrderChunk {
  items: (JourneyRecord | undefined)[]
  /** Those that are packed; each of them is open. */
  packedChunk: PackedChunk | undefined
  /** Journeys that are still kept. */
  kept: number
  /** Journeys that are not settled. A walk that looks for those skips chunks without any. */
  open: number
}

const chunkOf = (order: number): number => Math.floor(order / chunkLength)

/** All kept journeys in the order in which their publishes were heard of. Appending, removing and skipping are cheap. */
export class OrderLog {
  next = 0
  /** Makes packed journeys again; without it none becomes packed. */
  rehydrate: Rehydration | undefined
  readonly #chunks = new Map<number, OrderChunk>()
  #first = 0
  #open = 0
  #packed = 0

  get packed(): number {
    return this.#packed
  }

  /** Journeys that are not settled and of which memory holds an object. */
  get awake(): number {
    return this.#open - this.#packed
  }

  /** Numbers of the first chunk that may be kept, and of the one that is appended to. */
  get firstChunk(): number {
    return this.#first
  }

  get lastChunk(): number {
    return chunkOf(this.next)
  }

  append(journey: JourneyRecord): void {
    const number = chunkOf(this.next)
    let chunk = this.#chunks.get(number)
    if (!chunk) {
      chunk = { items: [], packedChunk: undefined, kept: 0, open: 0 }
      this.#chunks.set(number, chunk)
    }
    journey.order = this.next
    chunk.items[journey.order % chunkLength] = journey
    chunk.kept += 1
    this.next += 1
  }

  remove(journey: JourneyRecord): void {
    const number = chunkOf(journey.order)
    const chunk = this.#chunks.get(number)
    if (!chunk || chunk.items[journey.order % chunkLength] !== journey) return
    chunk.items[journey.order % chunkLength] = undefined
    chunk.kept -= 1
    if (chunk.kept > 0 || number === this.lastChunk) return
    this.#chunks.delete(number)
    if (this.#chunks.size === 0) this.#first = this.lastChunk
    else while (!this.#chunks.has(this.#first)) this.#first += 1
  }

  /** Notes that a journey became open (1) or settled (-1). */
  addOpen(journey: JourneyRecord, change: 1 | -1): void {
    const chunk = this.#chunks.get(chunkOf(journey.order))
    if (!chunk) return
    chunk.open += change
    this.#open += change
  }

  at(order: number): JourneyEntry | undefined {
    const chunk = this.#chunks.get(chunkOf(order))
    return chunk && this.#entry(chunk, order)
  }

  /** The same where it is not a packed one. */
  awakeAt(order: number): JourneyRecord | undefined {
    return this.#chunks.get(chunkOf(order))?.items[order % chunkLength]
  }

  /**
   * Walks from `before` (exclusive) to older ones until `visit` answers false. `openOnly` passes over whole chunks
   * without an open journey. Answers the order at which to go on, or undefined where the end was reached.
   */
  walkBack(before: number, openOnly: boolean, visit: (journey: JourneyEntry) => boolean): number | undefined {
    let order = Math.min(before, this.next) - 1
    while (order >= this.#first * chunkLength) {
      const number = chunkOf(order)
      const chunk = this.#chunks.get(number)
      if (!chunk || (openOnly && chunk.open === 0)) {
        order = number * chunkLength - 1
        continue
      }
      const journey = this.#entry(chunk, order)
      if (journey && !visit(journey)) return order
      order -= 1
    }
    return undefined
  }

  /** The first open journey at or after `from` for which `wanted` holds. */
  findOpen(from: number, wanted: (journey: JourneyEntry) => boolean): JourneyEntry | undefined {
    let order = Math.max(from, this.#first * chunkLength)
    while (order < this.next) {
      const number = chunkOf(order)
      const chunk = this.#chunks.get(number)
      if (!chunk || chunk.open === 0) {
        order = (number + 1) * chunkLength
        continue
      }
      const journey = this.#entry(chunk, order)
      if (journey && wanted(journey)) return journey
      order += 1
    }
    return undefined
  }

  /** The packed ones; the one at hand may wake meanwhile. */
  *allPacked(): Generator<PackedJourney> {
    const { rehydrate } = this
    for (const [number, { packedChunk }] of rehydrate ? this.#chunks : []) {
      for (let index = 0; rehydrate && packedChunk && index < chunkLength; index += 1) {
        const packed = packedChunk.at(index, number * chunkLength + index, rehydrate)
        if (packed) yield packed
      }
    }
  }

  /** Makes journeys of a chunk packed where they are at least `fewest`; answers those that now are. Their objects are no longer kept here. */
  pack(number: number, fewest: number): JourneyRecord[] {
    const chunk = this.#chunks.get(number)
    if (!chunk || !this.rehydrate || chunk.open - (chunk.packedChunk?.size ?? 0) < fewest) return []
    const resting: JourneyRecord[] = []
    const rest: OrderChunk['items'] = []
    for (const item of chunk.items) {
      if (item === undefined) continue
      if (mayRest(item)) resting.push(item)
      else rest[item.order % chunkLength] = item
    }
    if (resting.length < fewest) return []
    chunk.packedChunk = new PackedChunk(chunk.packedChunk, resting)
    chunk.items = rest
    this.#packed += resting.length
    return resting
  }

  /** Takes a packed journey back, as an object. */
  wake(journey: JourneyRecord): void {
    const chunk = this.#chunks.get(chunkOf(journey.order))
    if (!chunk?.packedChunk) return
    const index = journey.order % chunkLength
    chunk.items[index] = journey
    chunk.packedChunk.remove(index)
    if (chunk.packedChunk.size === 0) chunk.packedChunk = undefined
    this.#packed -= 1
  }

  #entry(chunk: OrderChunk, order: number): JourneyEntry | undefined {
    const index = order % chunkLength
    const item = chunk.items[index]
    if (item || !chunk.packedChunk || !this.rehydrate) return item
    return chunk.packedChunk.at(index, order, this.rehydrate)
  }
}
