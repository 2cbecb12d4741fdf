import { type HopRecord, isTaken, type JourneyRecord } from './journey-record.ts'
import type { Told } from './told.ts'

/** An obligation of a dormant journey: what can be said of it without its attempts. */
export interface DormantHop extends Pick<HopRecord, 'group' | 'state'> {
  readonly attempts: { readonly length: number }
}

/** What many dormant journeys have in common. */
export interface DormantKind
  extends Readonly<Pick<JourneyRecord, 'lane' | 'type' | 'publish' | 'owed' | 'burstId' | 'openHops'>> {
  readonly hops: readonly DormantHop[]
}

/** Makes a journey anew from the journal. Never fails: what cannot be read any more is left out. */
export type Recall = (dormant: DormantJourney) => JourneyRecord

/**
 * A journey that only waits, of which memory holds no object: this one is made when somebody asks, and says what is known
 * without looking into the journal. Not to be kept.
 */
export class DormantJourney implements DormantKind {
  readonly seq: number
  readonly order: number
  /** When it was published, epoch milliseconds. */
  readonly base: number
  readonly attemptedUs = 0
  readonly told: Told
  readonly #kind: DormantKind
  readonly #recall: Recall

  constructor(kind: DormantKind, place: { seq: number; order: number; at: number; told: Told }, recall: Recall) {
    this.#kind = kind
    this.seq = place.seq
    this.order = place.order
    this.base = place.at
    this.told = place.told
    this.#recall = recall
  }

  get id(): string {
    return this.lane.prefix + this.seq
  }

  get lane(): DormantKind['lane'] {
    return this.#kind.lane
  }

  get type(): string {
    return this.#kind.type
  }

  get publish(): DormantKind['publish'] {
    return this.#kind.publish
  }

  get owed(): readonly string[] {
    return this.#kind.owed
  }

  get burstId(): string | undefined {
    return this.#kind.burstId
  }

  get hops(): readonly DormantHop[] {
    return this.#kind.hops
  }

  get openHops(): number {
    return this.#kind.openHops
  }

  /** All of it, read from the journal; it stays dormant, and what is changed here is changed nowhere else. */
  read(): JourneyRecord {
    return this.#recall(this)
  }
}

/** A kept journey, whether memory holds an object of it or not. */
export type JourneyEntry = JourneyRecord | DormantJourney

/** All of a journey, to be looked at only. */
export const wholeOf = (entry: JourneyEntry): JourneyRecord => ('read' in entry ? entry.read() : entry)

/** Entries that a dormant journey is made anew from at most; one that went through more stays as it is. */
const longestTold = 32

/**
 * Whether a journey waits for nothing but its next delivery, and its own entries in the journal say all that there is to say of
 * it. Who has it in hand, when it is due and what a judge or an audit still asks of it would be lost.
 */
export const mayRest = (journey: JourneyRecord): boolean =>
  journey.order >= 0 &&
  journey.openHops > 0 &&
  isTaken(journey) &&
  !journey.retired &&
  !journey.changedAside &&
  journey.told !== undefined &&
  journey.told.length <= longestTold &&
  journey.hops.every(mayHopRest)

const mayHopRest = ({ state, passed, leaving, attempts }: HopRecord): boolean =>
  (state === 'waiting' || state === 'delivered' || state === 'dead_lettered') &&
  !passed &&
  leaving === undefined &&
  attempts.every(({ outcome }) => outcome !== undefined)
