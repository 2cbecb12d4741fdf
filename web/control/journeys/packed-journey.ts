import { ensureObligation, isAccepted, JourneyRecord, type ObligationRecord } from './journey-record.ts'
import type { ReportList } from './report-list.ts'

/** An obligation of a packed journey: what can be said of it without its attempts. */
export interface PackedObligation extends Pick<ObligationRecord, 'group' | 'state'> {
  readonly attempts: { readonly length: number }
}

/** What many packed journeys have in common. */
export interface PackedKind
  extends Readonly<Pick<JourneyRecord, 'sequence' | 'type' | 'publish' | 'owed' | 'burstId' | 'unsettledObligations'>> {
  readonly obligations: readonly PackedObligation[]
  /** Whether it was published and acknowledged, caused by nothing, and nothing else: then all that counts of it is known without the journal. */
  readonly isPlain: boolean
  /** Whether it is the first of its flow, and its program gave it no id. */
  readonly isUnchained: boolean
}

/** What each packed journey has for itself. */
interface PackedPlace extends Past {
  seq: number
  order: number
}

/** What journeys of one batch have in common. */
export interface Past {
  /** The entries that it was made from. */
  reported: ReportList
  /** When it was published, epoch milliseconds. */
  at: number
  /** How long after that it was acknowledged. */
  ackedUs: number | undefined
}

/** Makes journeys again from the journal. Never fails: what cannot be read any more is left out. */
export interface Rehydration {
  /** All of it. */
  whole(packed: PackedJourney): JourneyRecord
  /** What its publish said, and of its deliveries only what is known without the journal: one entry is read, not all. */
  published(packed: PackedJourney): JourneyRecord
}

/**
 * A journey that only waits, or that is settled, of which memory holds no object: this one is made when somebody asks, and says what is
 * known without looking into the journal. Not to be kept.
 */
export class PackedJourney implements PackedKind {
  readonly seq: number
  readonly order: number
  /** When it was published, epoch milliseconds. */
  readonly base: number
  readonly attemptedUs = 0
  readonly ackedUs: number | undefined
  readonly reported: ReportList
  readonly #kind: PackedKind
  readonly #rehydrate: Rehydration

  constructor(kind: PackedKind, place: PackedPlace, rehydrate: Rehydration) {
    this.#kind = kind
    this.seq = place.seq
    this.order = place.order
    this.base = place.at
    this.reported = place.reported
    this.ackedUs = place.ackedUs
    this.#rehydrate = rehydrate
  }

  get id(): string {
    return this.sequence.prefix + this.seq
  }

  get sequence(): PackedKind['sequence'] {
    return this.#kind.sequence
  }

  get type(): string {
    return this.#kind.type
  }

  get publish(): PackedKind['publish'] {
    return this.#kind.publish
  }

  get owed(): readonly string[] {
    return this.#kind.owed
  }

  get burstId(): string | undefined {
    return this.#kind.burstId
  }

  get obligations(): readonly PackedObligation[] {
    return this.#kind.obligations
  }

  get unsettledObligations(): number {
    return this.#kind.unsettledObligations
  }

  get isPlain(): boolean {
    return this.#kind.isPlain
  }

  get isUnchained(): boolean {
    return this.#kind.isUnchained
  }

  /** Whether it waits among the settled to be dropped: each that is settled does. */
  get retired(): boolean {
    return this.unsettledObligations === 0
  }

  /** All of it, read from the journal; it stays packed, and what is changed here is changed nowhere else. */
  read(): JourneyRecord {
    return this.#rehydrate.whole(this)
  }

  /** The same, of which only what was published is to be looked at. */
  readPublish(): JourneyRecord {
    return this.#rehydrate.published(this)
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
export type JourneyEntry = JourneyRecord | PackedJourney

/** All of a journey, to be looked at only. */
export function wholeOf(entry: JourneyEntry): JourneyRecord {
  if (entry instanceof PackedJourney) return entry.read()
  if (entry.unread) complete(entry, entry.unread.read())
  return entry
}

/** A journey of which only what was published is looked at: its type, key, time, headers and body. */
export const publishedOf = (entry: JourneyEntry): JourneyRecord =>
  entry instanceof PackedJourney ? entry.readPublish() : wholeOf(entry)

function complete(journey: JourneyRecord, read: JourneyRecord): void {
  // One that has a cause is not plain, and was read when it woke.
  const { version, key, traceparent, tracestate, time, ref, publishSegment, publishOffset } = read
  Object.assign(journey, { version, key, traceparent, tracestate, time, ref, publishSegment, publishOffset })
  journey.unread = undefined
}

/** What is known of a packed journey without reading it: enough for all that follows to be counted right. */
export function outline(packed: PackedJourney): JourneyRecord {
  const {
    sequence,
    seq,
    base,
    order,
    reported,
    type,
    owed,
    publish,
    ackedUs,
    burstId,
    unsettledObligations,
    obligations,
  } = packed
  const journey = new JourneyRecord(sequence, seq, base)
  journey.order = order
  journey.reported = reported
  // Published and acknowledged.
  journey.revision = 2
  journey.type = type
  journey.body = undefined
  journey.burstId = burstId
  journey.publish = publish
  journey.ackedUs = ackedUs
  journey.owed = owed
  for (const { group, state } of obligations) ensureObligation(journey, group).state = state
  journey.unsettledObligations = unsettledObligations
  journey.retired = packed.retired
  return journey
}

export const isPlain = (journey: JourneyRecord): boolean =>
  journey.revision === 2 &&
  journey.publish === 'acked' &&
  journey.attemptedUs === 0 &&
  journey.ackedUs !== undefined &&
  journey.chained === undefined &&
  journey.obligations.length === 0

/** Entries that a packed journey is made again from at most; one that went through more stays as it is. */
const longestReportList = 32

/**
 * Whether a journey waits for nothing but its next delivery, or for nothing at all, and its own entries in the journal say all that there
 * is to say of it. Who has it in flight, when it is due and what a judge or an audit still asks of it would be lost.
 */
export const mayRest = (journey: JourneyRecord): boolean =>
  // A start that reads the journal asks of each event that another caused whether it was rightly so.
  (!journey.retired || journey.chained?.cause === undefined) && mayBeSavedPacked(journey)

/** The same for a checkpoint, which keeps what a start would ask. */
export const mayBeSavedPacked = (journey: JourneyRecord): boolean =>
  journey.order >= 0 &&
  isAccepted(journey) &&
  // One that is open again still waits among the settled.
  journey.retired === (journey.unsettledObligations === 0) &&
  !journey.changedAside &&
  journey.reported !== undefined &&
  journey.reported.length <= longestReportList &&
  journey.obligations.every(mayPackObligation)

const mayPackObligation = ({ state, passed, leaving, attempts }: ObligationRecord): boolean =>
  (state === 'waiting' || state === 'delivered' || state === 'dead_lettered') &&
  !passed &&
  leaving === undefined &&
  attempts.every(({ outcome }) => outcome !== undefined)
