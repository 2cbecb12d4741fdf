import type { JourneyRecord } from './journey-record.ts'
import { chunkLength, PackedChunk } from './packed-chunk.ts'
import { type JourneyEntry, mayRest, PackedJourney, type Rehydration } from './packed-journey.ts'

interface OrderChunk {
  items: (JourneyRecord | undefined)[]
  /** Those that are packed. */
  packedChunk: PackedChunk | undefined
  /** Those of them that are open; the others are settled. */
  packedOpen: number
  /** Journeys that are still kept. */
  kept: number
  /** Journeys that are not settled. A walk that looks for those skips chunks without any. */
  open: number
}

/** Journeys that still wait for a group, or those that all groups have settled. */
export type JourneyKind = 'open' | 'settled'

const kindOf = ({ unsettledObligations }: JourneyEntry): JourneyKind => (unsettledObligations > 0 ? 'open' : 'settled')

const chunkOf = (order: number): number => Math.floor(order / chunkLength)

/** All kept journeys in the order in which their publishes were heard of. Appending, removing and skipping are cheap. */
export class OrderLog {
  next = 0
  /** Makes packed journeys again; without it none becomes packed. */
  rehydrate: Rehydration | undefined
  readonly #chunks = new Map<number, OrderChunk>()
  #first = 0
  #kept = 0
  #open = 0
  readonly #packed: Record<JourneyKind, number> = { open: 0, settled: 0 }

  /** Packed journeys that are not settled. */
  get packed(): number {
    return this.#packed.open
  }

  /** Packed journeys that are settled. */
  get packedSettled(): number {
    return this.#packed.settled
  }

  /** Journeys that are not settled and of which memory holds an object. */
  get awake(): number {
    return this.#open - this.#packed.open
  }

  /** The others of which memory holds an object. */
  get awakeSettled(): number {
    return this.#kept - this.#open - this.#packed.settled
  }

  /** Numbers of the first chunk that may be kept, and of the one that is appended to. */
  get firstChunk(): number {
    return this.#first
  }

  get lastChunk(): number {
    return chunkOf(this.next)
  }

  append(journey: JourneyRecord): void {
    journey.order = this.next
    this.next += 1
    this.put(journey)
  }

  /** Takes a journey that has its place in the order already. */
  put(journey: JourneyRecord): void {
    const chunk = this.#ensure(chunkOf(journey.order))
    chunk.items[journey.order % chunkLength] = journey
    chunk.kept += 1
    this.#kept += 1
  }

  /** Takes packed journeys of a chunk that has none. Chunks are taken in their order, and before anything is put into them. */
  putPacked(number: number, packedChunk: PackedChunk): void {
    const chunk = this.#ensure(number)
    for (let index = 0; index < chunkLength; index += 1) {
      if ((packedChunk.kindAt(index)?.unsettledObligations ?? 0) > 0) chunk.packedOpen += 1
    }
    chunk.packedChunk = packedChunk
    chunk.kept += packedChunk.size
    chunk.open += chunk.packedOpen
    this.#kept += packedChunk.size
    this.#open += chunk.packedOpen
    this.#packed.open += chunk.packedOpen
    this.#packed.settled += packedChunk.size - chunk.packedOpen
  }

  /** What is kept of each chunk, the oldest first, with those packed that `mayPack`; nothing changes by it. */
  *chunksWhere(
    mayPack: (journey: JourneyRecord) => boolean,
  ): Generator<{ number: number; packed: PackedChunk | undefined; others: JourneyRecord[] }> {
    for (const [number, { items, packedChunk }] of this.#chunks) {
      const resting: JourneyRecord[] = []
      const others: JourneyRecord[] = []
      for (const item of items) if (item) (mayPack(item) ? resting : others).push(item)
      yield { number, packed: resting.length === 0 ? packedChunk : PackedChunk.of(packedChunk, resting), others }
    }
  }

  remove(entry: JourneyEntry): void {
    const number = chunkOf(entry.order)
    const index = entry.order % chunkLength
    const chunk = this.#chunks.get(number)
    if (chunk?.items[index] === entry) chunk.items[index] = undefined
    else if (!chunk || !(entry instanceof PackedJourney) || !this.#unpack(chunk, entry)) return
    chunk.kept -= 1
    this.#kept -= 1
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

  /** The same if it is not a packed one. */
  awakeAt(order: number): JourneyRecord | undefined {
    return this.#chunks.get(chunkOf(order))?.items[order % chunkLength]
  }

  /**
   * Walks from `before` (exclusive) to older ones until `visit` answers false. `openOnly` passes over whole chunks
   * without an open journey. Answers the order at which to go on, or undefined if the end was reached.
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

  /** Makes journeys of a kind in a chunk packed if they are at least `fewest`; answers those that now are. Their objects are no longer kept here. */
  pack(number: number, kind: JourneyKind, fewest: number): JourneyRecord[] {
    const chunk = this.#chunks.get(number)
    if (!chunk || !this.rehydrate || awakeIn(chunk, kind) < fewest) return []
    const resting: JourneyRecord[] = []
    const rest: OrderChunk['items'] = []
    for (const item of chunk.items) {
      if (item === undefined) continue
      if (kindOf(item) === kind && mayRest(item)) resting.push(item)
      else rest[item.order % chunkLength] = item
    }
    if (resting.length < fewest) return []
    chunk.packedChunk = PackedChunk.of(chunk.packedChunk, resting)
    chunk.items = rest
    this.#packed[kind] += resting.length
    if (kind === 'open') chunk.packedOpen += resting.length
    return resting
  }

  /** Takes a packed journey back, as an object. */
  wake(journey: JourneyRecord): void {
    const chunk = this.#chunks.get(chunkOf(journey.order))
    if (chunk && this.#unpack(chunk, journey)) chunk.items[journey.order % chunkLength] = journey
  }

  /** Takes an entry out of the packed ones; false if it is not among them. */
  #unpack(chunk: OrderChunk, entry: JourneyEntry): boolean {
    if (chunk.packedChunk?.remove(entry.order % chunkLength) !== true) return false
    if (chunk.packedChunk.size === 0) chunk.packedChunk = undefined
    const kind = kindOf(entry)
    this.#packed[kind] -= 1
    if (kind === 'open') chunk.packedOpen -= 1
    return true
  }

  #ensure(number: number): OrderChunk {
    let chunk = this.#chunks.get(number)
    if (!chunk) {
      chunk = { items: [], packedChunk: undefined, packedOpen: 0, kept: 0, open: 0 }
      if (this.#chunks.size === 0) this.#first = number
      this.#chunks.set(number, chunk)
    }
    return chunk
  }

  #entry(chunk: OrderChunk, order: number): JourneyEntry | undefined {
    const index = order % chunkLength
    const item = chunk.items[index]
    if (item || !chunk.packedChunk || !this.rehydrate) return item
    return chunk.packedChunk.at(index, order, this.rehydrate)
  }
}

/** Journeys of a kind in the chunk that may be objects: of those that are not open, some may not be settled either. */
function awakeIn({ kept, open, packedChunk, packedOpen }: OrderChunk, kind: JourneyKind): number {
  return kind === 'open' ? open - packedOpen : kept - open - ((packedChunk?.size ?? 0) - packedOpen)
}
