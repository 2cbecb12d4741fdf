import { parseIdentity } from '#contracts/events/identity.ts'
import { type BitPlane, chunkSize, hasBit, newPlane, setBit } from '../ledger/bit-plane.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { chunkOf, indexInChunk, type Sequence } from '../ledger/sequence.ts'

/** Ids that are kept of one kind at most. */
const keptIds = 1_000

/** What the effect store holds of one group, a bit a message, beside what the ledger knows. */
export class SeenEffects {
  /** All effects; messages that have one; and effects of messages from before this ledger began. */
  effects = 0
  messages = 0
  foreign = 0
  /** Effects of messages that the ledger never heard of. */
  readonly unknown: string[] = []
  unknownCount = 0
  /** Messages that are there again, and how often beyond the first time. */
  readonly again = new Map<string, number>()
  readonly #ledger: Ledger
  readonly #planes = new Map<Sequence, Map<number, BitPlane>>()

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  add(id: string): void {
    this.effects += 1
    const found = this.#ledger.find(id)
    if (!found) {
      this.#addUnknown(id)
      return
    }
    const { sequence, seq } = found
    let planes = this.#planes.get(sequence)
    if (!planes) {
      planes = new Map()
      this.#planes.set(sequence, planes)
    }
    let plane = planes.get(chunkOf(seq))
    if (!plane) {
      plane = newPlane()
      planes.set(chunkOf(seq), plane)
    }
    if (setBit(plane, indexInChunk(seq))) this.messages += 1
    else this.again.set(id, (this.again.get(id) ?? 0) + 1)
  }

  has(sequence: Sequence, seq: number): boolean {
    const plane = this.#planes.get(sequence)?.get(chunkOf(seq))
    return plane !== undefined && hasBit(plane, indexInChunk(seq))
  }

  /** Numbers of the chunks of a sequence that have effects, and their bits. */
  of(sequence: Sequence): ReadonlyMap<number, BitPlane> {
    return this.#planes.get(sequence) ?? new Map()
  }

  /** A sequence that began before this data folder did is not this ledger's to judge. */
  #addUnknown(id: string): void {
    const identity = parseIdentity(id)
    const first = identity && firstEpoch(this.#ledger, identity.producer)
    if (!identity || first === undefined || identity.epoch < first) {
      this.foreign += 1
      return
    }
    this.unknownCount += 1
    if (this.unknown.length < keptIds) this.unknown.push(id)
  }
}

function firstEpoch(ledger: Ledger, producer: string): number | undefined {
  let first: number | undefined
  for (const sequence of ledger.sequences()) {
    if (sequence.producer === producer) first = Math.min(first ?? sequence.epoch, sequence.epoch)
  }
  return first
}

/** Both sources of a group, chunk by chunk: what telemetry reports and what the store holds. */
export function* bothSides(
  sequence: Sequence,
  group: string,
  seen: SeenEffects,
): Generator<{ number: number; reported: BitPlane; stored: BitPlane }> {
  const archive = sequence.effects.get(group)
  const stored = seen.of(sequence)
  const numbers = new Set([...(archive?.chunks() ?? []), ...sequence.chunks.keys(), ...stored.keys()])
  for (const number of numbers) {
    // What was settled before the ledger knew of effects is not compared.
    if (number * chunkSize < sequence.unreported) continue
    const reported = newPlane()
    archive?.mergeInto(number, reported)
    const planes = sequence.chunks.get(number)?.groups.get(group)
    if (planes) for (const [word, bits] of planes.effect.entries()) reported[word] = (reported[word] ?? 0) | bits
    yield { number, reported, stored: stored.get(number) ?? newPlane() }
  }
}
