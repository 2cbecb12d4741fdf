import type { Sequence } from '../ledger/sequence.ts'
import type { JourneyRecord } from './journey-record.ts'
import type { JourneyEntry } from './packed-journey.ts'

const chunkLength = 1024

interface SlotChunk {
  /** A number if it is packed: its place in the order. */
  items: (JourneyRecord | number | undefined)[]
  kept: number
}

/** Journeys by sequence and sequence number: no text of an id is stored. */
export class JourneySlots {
  readonly #sequences = new Map<Sequence, Map<number, SlotChunk>>()
  /** Journeys kept, the packed ones too. */
  size = 0

  /** The journey, or its place in the order if it is packed. */
  get(sequence: Sequence, seq: number): JourneyRecord | number | undefined {
    return this.#sequences.get(sequence)?.get(Math.floor(seq / chunkLength))?.items[seq % chunkLength]
  }

  set(journey: JourneyRecord): void {
    this.#put(journey.sequence, journey.seq, journey)
  }

  /** Takes a journey that is packed: its place in the order. */
  setPacked(sequence: Sequence, seq: number, order: number): void {
    this.#put(sequence, seq, order)
  }

  #put(sequence: Sequence, seq: number, item: JourneyRecord | number): void {
    let chunks = this.#sequences.get(sequence)
    if (!chunks) {
      chunks = new Map()
      this.#sequences.set(sequence, chunks)
    }
    const number = Math.floor(seq / chunkLength)
    let chunk = chunks.get(number)
    if (!chunk) {
      chunk = { items: [], kept: 0 }
      chunks.set(number, chunk)
    }
    chunk.items[seq % chunkLength] = item
    chunk.kept += 1
    this.size += 1
  }

  delete(entry: JourneyEntry): void {
    const { sequence, seq, order } = entry
    const chunks = this.#sequences.get(sequence)
    const number = Math.floor(seq / chunkLength)
    const chunk = chunks?.get(number)
    const item = chunk?.items[seq % chunkLength]
    if (!chunks || !chunk || (item !== entry && item !== order)) return
    chunk.items[seq % chunkLength] = undefined
    chunk.kept -= 1
    this.size -= 1
    if (chunk.kept === 0) chunks.delete(number)
    if (chunks.size === 0) this.#sequences.delete(sequence)
  }

  /** The journey became packed: only its place in the order is kept. */
  rest(journey: JourneyRecord): void {
    this.#replace(journey, journey.order)
  }

  wake(journey: JourneyRecord): void {
    this.#replace(journey, journey)
  }

  #replace({ sequence, seq }: JourneyRecord, by: JourneyRecord | number): void {
    const chunk = this.#sequences.get(sequence)?.get(Math.floor(seq / chunkLength))
    if (chunk) chunk.items[seq % chunkLength] = by
  }

  /** Those of a sequence that are not packed. */
  *ofSequence(sequence: Sequence): Generator<JourneyRecord> {
    for (const { items } of this.#sequences.get(sequence)?.values() ?? []) {
      for (const item of items) if (typeof item === 'object') yield item
    }
  }

  /** Those that are not packed. */
  *all(): Generator<JourneyRecord> {
    for (const sequence of this.#sequences.keys()) yield* this.ofSequence(sequence)
  }
}
