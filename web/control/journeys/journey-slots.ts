import type { Lane } from '../ledger/lane.ts'
import type { JourneyRecord } from './journey-record.ts'

const chunkLength = 1024

interface SlotChunk {
  /** A number where it is dormant: its place in the order. */
  items: (JourneyRecord | number | undefined)[]
  kept: number
}

/** Journeys by lane and sequence number: no text of an id is stored. */
export class JourneySlots {
  readonly #lanes = new Map<Lane, Map<number, SlotChunk>>()
  /** Journeys kept, the dormant ones too. */
  size = 0

  /** The journey, or its place in the order where it is dormant. */
  get(lane: Lane, seq: number): JourneyRecord | number | undefined {
    return this.#lanes.get(lane)?.get(Math.floor(seq / chunkLength))?.items[seq % chunkLength]
  }

  set(journey: JourneyRecord): void {
    let chunks = this.#lanes.get(journey.lane)
    if (!chunks) {
      chunks = new Map()
      this.#lanes.set(journey.lane, chunks)
    }
    const number = Math.floor(journey.seq / chunkLength)
    let chunk = chunks.get(number)
    if (!chunk) {
      chunk = { items: [], kept: 0 }
      chunks.set(number, chunk)
    }
    chunk.items[journey.seq % chunkLength] = journey
    chunk.kept += 1
    this.size += 1
  }

  delete(journey: JourneyRecord): void {
    const chunks = this.#lanes.get(journey.lane)
    const number = Math.floor(journey.seq / chunkLength)
    const chunk = chunks?.get(number)
    if (!chunks || !chunk || chunk.items[journey.seq % chunkLength] !== journey) return
    chunk.items[journey.seq % chunkLength] = undefined
    chunk.kept -= 1
    this.size -= 1
    if (chunk.kept === 0) chunks.delete(number)
    if (chunks.size === 0) this.#lanes.delete(journey.lane)
  }

  /** The journey became dormant: only its place in the order is kept. */
  rest(journey: JourneyRecord): void {
    this.#replace(journey, journey.order)
  }

  wake(journey: JourneyRecord): void {
    this.#replace(journey, journey)
  }

  #replace({ lane, seq }: JourneyRecord, by: JourneyRecord | number): void {
    const chunk = this.#lanes.get(lane)?.get(Math.floor(seq / chunkLength))
    if (chunk) chunk.items[seq % chunkLength] = by
  }

  /** Those of a lane that are not dormant. */
  *ofLane(lane: Lane): Generator<JourneyRecord> {
    for (const { items } of this.#lanes.get(lane)?.values() ?? []) {
      for (const item of items) if (typeof item === 'object') yield item
    }
  }

  /** Those that are not dormant. */
  *all(): Generator<JourneyRecord> {
    for (const lane of this.#lanes.keys()) yield* this.ofLane(lane)
  }
}
