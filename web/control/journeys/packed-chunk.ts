import { type JourneyRecord, toMs } from './journey-record.ts'
import {
  isPlain,
  PackedJourney,
  type PackedKind,
  type PackedObligation,
  type Past,
  type Rehydration,
} from './packed-journey.ts'
import { placesOf, type ReportList, ReportLists } from './report-list.ts'

/** Places in the order of publishing that are kept, and packed, together. */
export const chunkLength = 1024

/**
 * The packed journeys of one chunk of the order: twelve bytes each, and what is the same for many of them once. Journeys may
 * leave it; to add some, another is made.
 */
export class PackedChunk {
  /** Journeys in it. */
  size = 0
  readonly #kinds: PackedKind[] = []
  /** By place in the chunk: which kind, counted from 1; 0 if none is here. */
  readonly #kindOf = new Uint16Array(chunkLength)
  readonly #seqs = new Float64Array(chunkLength)
  readonly #pastOf = new Uint16Array(chunkLength)
  /** Of each past: when it began, when it was acknowledged (NaN: never), and where its places begin in `#places` (segment and offset of each). */
  readonly #ats: Float64Array
  readonly #ackedUs: Float64Array
  readonly #starts: Uint32Array
  readonly #places: Uint32Array
  /** The past that was asked for last: neighbours follow, and are to share it. */
  #asked: { number: number; past: Past } | undefined

  constructor(former: PackedChunk | undefined, journeys: readonly JourneyRecord[]) {
    const pasts = new Pasts()
    if (former) this.#take(former, pasts)
    for (const journey of journeys) {
      const { reported, order, seq } = journey
      if (reported) this.#put(order % chunkLength, seq, this.#kind(journey), pasts.of(pastOf(journey, reported)))
    }
    const places = pasts.list.map(({ reported }) => placesOf(reported))
    this.#ats = Float64Array.from(pasts.list, ({ at }) => at)
    this.#ackedUs = Float64Array.from(pasts.list, ({ ackedUs }) => ackedUs ?? Number.NaN)
    this.#starts = new Uint32Array(places.length + 1)
    for (const [index, { length }] of places.entries()) this.#starts[index + 1] = (this.#starts[index] ?? 0) + length
    this.#places = Uint32Array.from(places.flat().flatMap(({ segment, offset }) => [segment, offset]))
  }

  /** The journey at a place of the chunk; `order` is its place among all. */
  at(index: number, order: number, rehydrate: Rehydration): PackedJourney | undefined {
    const kind = this.#kinds[(this.#kindOf[index] ?? 0) - 1]
    if (!kind) return undefined
    const { reported, at, ackedUs } = this.#past(this.#pastOf[index] ?? 0)
    return new PackedJourney(kind, { seq: this.#seqs[index] ?? 0, order, at, ackedUs, reported }, rehydrate)
  }

  /** The journey at that place is packed no more; false if none was. */
  remove(index: number): boolean {
    if (this.#kindOf[index] === 0) return false
    this.#kindOf[index] = 0
    this.size -= 1
    return true
  }

  #past(number: number): Past {
    if (this.#asked?.number === number) return this.#asked.past
    const reportLists = new ReportLists()
    let reported: ReportList | undefined
    for (let index = this.#starts[number] ?? 0; index < (this.#starts[number + 1] ?? 0); index += 1) {
      reported = reportLists.after(reported, {
        segment: this.#places[index * 2] ?? 0,
        offset: this.#places[index * 2 + 1] ?? 0,
      })
    }
    if (!reported) throw new Error('a dormant journey without a past')
    const ackedUs = this.#ackedUs[number] ?? Number.NaN
    const past = { reported, at: this.#ats[number] ?? 0, ackedUs: Number.isNaN(ackedUs) ? undefined : ackedUs }
    this.#asked = { number, past }
    return past
  }

  #put(index: number, seq: number, kind: number, past: number): void {
    this.#kindOf[index] = kind
    this.#seqs[index] = seq
    this.#pastOf[index] = past
    this.size += 1
  }

  #take(former: PackedChunk, pasts: Pasts): void {
    this.#kinds.push(...former.#kinds)
    const pastOf = new Map<number, number>()
    for (let index = 0; index < chunkLength; index += 1) {
      const kind = former.#kindOf[index] ?? 0
      if (kind === 0) continue
      const number = former.#pastOf[index] ?? 0
      let past = pastOf.get(number)
      if (past === undefined) {
        past = pasts.of(former.#past(number))
        pastOf.set(number, past)
      }
      this.#put(index, former.#seqs[index] ?? 0, kind, past)
    }
  }

  /** Number of the kind that the journey is of, counted from 1. */
  #kind(journey: JourneyRecord): number {
    const found = this.#kinds.findIndex((kind) => isOfKind(journey, kind))
    if (found >= 0) return found + 1
    const { sequence, type, publish, owed, burstId, unsettledObligations, obligations } = journey
    const [plain, unchained] = [isPlain(journey), journey.chained === undefined]
    const kept = obligations.map(
      ({ group, state, attempts: { length } }): PackedObligation => ({ group, state, attempts: { length } }),
    )
    return this.#kinds.push({
      sequence,
      type,
      publish,
      owed,
      burstId,
      unsettledObligations,
      obligations: kept,
      isPlain: plain,
      isUnchained: unchained,
    })
  }
}

const isOfKind = (journey: JourneyRecord, kind: PackedKind): boolean =>
  journey.sequence === kind.sequence &&
  journey.type === kind.type &&
  journey.publish === kind.publish &&
  journey.owed === kind.owed &&
  journey.burstId === kind.burstId &&
  journey.unsettledObligations === kind.unsettledObligations &&
  isPlain(journey) === kind.isPlain &&
  (journey.chained === undefined) === kind.isUnchained &&
  journey.obligations.length === kind.obligations.length &&
  journey.obligations.every(({ group, state, attempts }, index) => {
    const other = kind.obligations[index]
    return other?.group === group && other.state === state && other.attempts.length === attempts.length
  })

function pastOf(journey: JourneyRecord, reported: ReportList): Past {
  const { attemptedUs, ackedUs } = journey
  return {
    reported,
    at: toMs(journey, attemptedUs),
    ackedUs: ackedUs === undefined ? undefined : ackedUs - attemptedUs,
  }
}

/** Numbers for pasts: journeys of one record have one. */
class Pasts {
  readonly list: Past[] = []
  readonly #numbers = new Map<ReportList, number>()

  of(past: Past): number {
    const number = this.#numbers.get(past.reported)
    const known = number === undefined ? undefined : this.list[number]
    if (number !== undefined && known?.at === past.at && known.ackedUs === past.ackedUs) return number
    this.#numbers.set(past.reported, this.list.length)
    return this.list.push(past) - 1
  }
}
