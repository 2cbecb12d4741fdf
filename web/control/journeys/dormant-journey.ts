import { ensureHop, type HopRecord, isTaken, JourneyRecord } from './journey-record.ts'
import type { Told } from './told.ts'

/** An obligation of a dormant journey: what can be said of it without its attempts. */
export interface DormantHop extends Pick<HopRecord, 'group' | 'state'> {
  readonly attempts: { readonly length: number }
}

/** What many dormant journeys have in common. */
export interface DormantKind
  extends Readonly<Pick<JourneyRecord, 'lane' | 'type' | 'publish' | 'owed' | 'burstId' | 'openHops'>> {
  readonly hops: readonly DormantHop[]
  /** Whether it was published and acknowledged, and nothing else: then all that counts of it is known without the journal. */
  readonly isPlain: boolean
}

/** What each dormant journey has for itself. */
interface DormantPlace extends Past {
  seq: number
  order: number
}

/** What journeys of one batch have in common. */
export interface Past {
  /** The entries that tell of it. */
  told: Told
  /** When it was published, epoch milliseconds. */
  at: number
  /** How long after that it was acknowledged. */
  ackedUs: number | undefined
}

/** Makes a journey anew from the journal. Never fails: what cannot be read any more is left out. */
export type Recall = (dormant: DormantJourney) => JourneyRecord

/**
 * A journey that only waits, of which memory holds no object: this one is made when somebody asks, and says what is known
 * without looking into the journal. Not to be kept.
 */
export class DormantJourney implements Omit<DormantKind, 'isPlain'> {
  readonly seq: number
  readonly order: number
  /** When it was published, epoch milliseconds. */
  readonly base: number
  readonly attemptedUs = 0
  readonly ackedUs: number | undefined
  readonly told: Told
  readonly #kind: DormantKind
  readonly #recall: Recall

  constructor(kind: DormantKind, place: DormantPlace, recall: Recall) {
    this.#kind = kind
    this.seq = place.seq
    this.order = place.order
    this.base = place.at
    this.told = place.told
    this.ackedUs = place.ackedUs
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

  /** The journey as it is to be kept from now on. One that is plain is read only when somebody looks at it. */
  wake(): JourneyRecord {
    if (!this.#kind.isPlain) return this.read()
    const journey = outline(this)
    journey.unread = this
    return journey
  }
}

/** A kept journey, whether memory holds an object of it or not. */
export type JourneyEntry = JourneyRecord | DormantJourney

/** All of a journey, to be looked at only. */
export function wholeOf(entry: JourneyEntry): JourneyRecord {
  if (entry instanceof DormantJourney) return entry.read()
  if (entry.unread) complete(entry, entry.unread.read())
  return entry
}

function complete(journey: JourneyRecord, read: JourneyRecord): void {
  const { version, key, traceparent, tracestate, time, ref, publishSegment, publishOffset } = read
  Object.assign(journey, { version, key, traceparent, tracestate, time, ref, publishSegment, publishOffset })
  journey.unread = undefined
}

/** What is known of a dormant journey without reading it: enough for all that follows to be counted right. */
export function outline(dormant: DormantJourney): JourneyRecord {
  const { lane, seq, base, order, told, type, owed, publish, ackedUs, burstId, openHops, hops } = dormant
  const journey = new JourneyRecord(lane, seq, base)
  journey.order = order
  journey.told = told
  // Published and acknowledged.
  journey.revision = 2
  journey.type = type
  journey.body = undefined
  journey.burstId = burstId
  journey.publish = publish
  journey.ackedUs = ackedUs
  journey.owed = owed
  for (const { group, state } of hops) ensureHop(journey, group).state = state
  journey.openHops = openHops
  return journey
}

export const isPlain = (journey: JourneyRecord): boolean =>
  journey.revision === 2 &&
  journey.publish === 'acked' &&
  journey.attemptedUs === 0 &&
  journey.ackedUs !== undefined &&
  journey.hops.length === 0

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
