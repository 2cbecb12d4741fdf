import type { BodyBudget } from './body-budget.ts'
import type { JourneySlots } from './journey-slots.ts'
import type { JourneyKind, OrderLog } from './order-log.ts'

export interface PackingLimits {
  /** Journeys of the kind that are objects before any becomes packed. */
  awake: number
  /**
   * Chunks of 1,024 at the new end that stay objects, since their publishes are being answered. An object that rests so soon is
   * collected before the collector has moved it twice, which costs more than all the rest of it.
   */
  recentChunks: number
  /** Journeys that make it worth to pack a chunk. */
  fewest: number
  /** By how much more must be awake before chunks are looked at again. */
  step: number
}

export const usualLimits: PackingLimits = { awake: 65_536, recentChunks: 1, fewest: 64, step: 1_024 }

/** Of settled journeys the newest stay objects, since they are on screens. */
export const settledLimits: PackingLimits = { awake: 8_192, recentChunks: 4, fewest: 64, step: 1_024 }

/** Chunks that one look packs, and that it passes over, at most. */
const packedAtOnce = 8
const packedPerTurn = 4_096

/**
 * Decides which journeys of a kind become packed (docs/adr/0015-dormant-journeys.md). Past the limit it is a chunk that has just left the
 * newest ones: the oldest are delivered next. If that is not enough, since deliveries woke many, a hand goes round.
 */
export class Packing {
  readonly #order: OrderLog
  readonly #slots: JourneySlots
  readonly #bodies: BodyBudget
  readonly #limits: PackingLimits
  readonly #kind: JourneyKind
  /** The last chunk that has left the newest ones. */
  #left = -1
  /** The chunk that the hand looks at next, going to older ones. */
  #hand = -1
  #lookAt = 0

  constructor(
    parts: { order: OrderLog; slots: JourneySlots; bodies: BodyBudget },
    kind: JourneyKind,
    limits: PackingLimits,
  ) {
    this.#order = parts.order
    this.#slots = parts.slots
    this.#bodies = parts.bodies
    this.#kind = kind
    this.#limits = limits
  }

  /** To be called when nobody holds a journey, after each entry of the journal: makes some packed where too many are awake. */
  rest(): void {
    const { awake, recentChunks, step } = this.#limits
    const newest = this.#order.lastChunk - recentChunks
    for (; this.#left < newest; this.#left += 1) if (this.#isFull) this.#pack(this.#left + 1)
    this.#lookAt = Math.min(this.#lookAt, Math.max(this.#awake, awake) + step)
    if (!this.#isFull || this.#awake < this.#lookAt) return
    this.#goRound(newest)
    this.#lookAt = Math.max(this.#awake, awake) + step
  }

  get #awake(): number {
    return this.#kind === 'open' ? this.#order.awake : this.#order.awakeSettled
  }

  get #isFull(): boolean {
    return this.#awake > this.#limits.awake
  }

  #goRound(newest: number): void {
    const oldest = this.#order.firstChunk
    const chunks = Math.min(newest - oldest + 1, packedPerTurn)
    let packedChunk = 0
    for (let passed = 0; passed < chunks && packedChunk < packedAtOnce && this.#isFull; passed += 1) {
      if (this.#hand < oldest || this.#hand > newest) this.#hand = newest
      if (this.#pack(this.#hand)) packedChunk += 1
      this.#hand -= 1
    }
  }

  #pack(number: number): boolean {
    const resting = this.#order.pack(number, this.#kind, this.#limits.fewest)
    for (const journey of resting) {
      this.#bodies.removed(journey)
      this.#slots.rest(journey)
      // Whoever still holds the object is to leave it alone.
      journey.dropped = true
    }
    return resting.length > 0
  }
}
