import { type JourneyRecord, toMs } from './journey-record.ts'
import {
  isPlain,
  PackedJourney,
  type PackedKind,
  type PackedObligation,
  type Past,
  type Rehydration,
} from './packed-journey.ts'
import { listOf, numbersOf, type ReportList, ReportLists } from './report-list.ts'

/** Places in the order of publishing that are kept, and packed, together. */
export const chunkLength = 1024

/** What a packed chunk holds: numbers in arrays, and what is the same for many journeys once. */
export interface PackedChunkData {
  kinds: readonly PackedKind[]
  /** By place in the chunk: which kind, counted from 1; 0 if none is here. */
  kindOf: Uint16Array
  seqs: Float64Array
  pastOf: Uint16Array
  /** Of each past: when it began, when it was acknowledged (NaN: never), and where its places begin in `places` (segment and offset of each). */
  ats: Float64Array
  ackedUs: Float64Array
  starts: Uint32Array
  places: Uint32Array
}

/**
 * The packed journeys of one chunk of the order: twelve bytes each, and what is the same for many of them once. Journeys may
 * leave it; to add some, another is made.
 */
export class PackedChunk {
  /** Journeys in it. */
  size = 0
  /** Nobody but the chunk changes it. */
  readonly data: Readonly<PackedChunkData>
  /** The past that was asked for last: neighbours follow, and are to share it. */
  #asked: { number: number; past: Past } | undefined

  constructor(data: PackedChunkData) {
    this.data = data
    for (const kind of data.kindOf) if (kind !== 0) this.size += 1
  }

  /** The journeys of `former` and these. */
  static of(former: PackedChunk | undefined, journeys: readonly JourneyRecord[]): PackedChunk {
    const [kindOf, pastOf] = [new Uint16Array(chunkLength), new Uint16Array(chunkLength)]
    const seqs = new Float64Array(chunkLength)
    const kinds = [...(former?.data.kinds ?? [])]
    const pasts = new Pasts()
    const put = (index: number, seq: number, kind: number, past: number): void => {
      kindOf[index] = kind
      seqs[index] = seq
      pastOf[index] = past
    }
    if (former) former.#each(pasts, put)
    for (const journey of journeys) {
      const { reported, order, seq } = journey
      if (reported)
        put(order % chunkLength, seq, numberOfKind(kinds, journey), pasts.of(pastOfJourney(journey, reported)))
    }
    const places = pasts.list.map(({ reported }) => numbersOf(reported))
    const starts = new Uint32Array(places.length + 1)
    for (const [index, { length }] of places.entries()) starts[index + 1] = (starts[index] ?? 0) + length / 2
    return new PackedChunk({
      ...{ kinds, kindOf, seqs, pastOf, starts },
      ats: Float64Array.from(pasts.list, ({ at }) => at),
      ackedUs: Float64Array.from(pasts.list, ({ ackedUs }) => ackedUs ?? Number.NaN),
      places: Uint32Array.from(places.flat()),
    })
  }

  /** The journey at a place of the chunk; `order` is its place among all. */
  at(index: number, order: number, rehydrate: Rehydration): PackedJourney | undefined {
    const kind = this.kindAt(index)
    if (!kind) return undefined
    const { reported, at, ackedUs } = this.#past(this.data.pastOf[index] ?? 0)
    return new PackedJourney(kind, { seq: this.data.seqs[index] ?? 0, order, at, ackedUs, reported }, rehydrate)
  }

  /** Of which kind the journey at a place is; undefined if none is there. */
  kindAt(index: number): PackedKind | undefined {
    return this.data.kinds[(this.data.kindOf[index] ?? 0) - 1]
  }

  /** The entries that tell of the journey at a place. */
  reportedAt(index: number): ReportList {
    return this.#past(this.data.pastOf[index] ?? 0).reported
  }

  /** The journey at that place is packed no more; false if none was. */
  remove(index: number): boolean {
    if (this.data.kindOf[index] === 0) return false
    this.data.kindOf[index] = 0
    this.size -= 1
    return true
  }

  #past(number: number): Past {
    if (this.#asked?.number === number) return this.#asked.past
    const { starts, places, ats, ackedUs: acked } = this.data
    const reported = listOf(places, new ReportLists(), [starts[number] ?? 0, starts[number + 1] ?? 0])
    if (!reported) throw new Error('a dormant journey without a past')
    const ackedUs = acked[number] ?? Number.NaN
    const past = { reported, at: ats[number] ?? 0, ackedUs: Number.isNaN(ackedUs) ? undefined : ackedUs }
    this.#asked = { number, past }
    return past
  }

  /** Hands out each journey, with the number that its past has among `pasts`. */
  #each(pasts: Pasts, put: (index: number, seq: number, kind: number, past: number) => void): void {
    const known = new Map<number, number>()
    for (let index = 0; index < chunkLength; index += 1) {
      const kind = this.data.kindOf[index] ?? 0
      if (kind === 0) continue
      const number = this.data.pastOf[index] ?? 0
      let past = known.get(number)
      if (past === undefined) {
        past = pasts.of(this.#past(number))
        known.set(number, past)
      }
      put(index, this.data.seqs[index] ?? 0, kind, past)
    }
  }
}

/** Number of the kind that the journey is of, counted from 1; a new kind is added. */
function numberOfKind(kinds: PackedKind[], journey: JourneyRecord): number {
  // The newest kind is that of the neighbours.
  const found = kinds.findLastIndex((kind) => isOfKind(journey, kind))
  if (found >= 0) return found + 1
  const { sequence, type, publish, owed, burstId, unsettledObligations, obligations } = journey
  const kept = obligations.map(
    ({ group, state, attempts: { length } }): PackedObligation => ({ group, state, attempts: { length } }),
  )
  return kinds.push({
    ...{ sequence, type, publish, owed, burstId, unsettledObligations },
    obligations: kept,
    isPlain: isPlain(journey),
    isUnchained: journey.chained === undefined,
  })
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

function pastOfJourney(journey: JourneyRecord, reported: ReportList): Past {
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
