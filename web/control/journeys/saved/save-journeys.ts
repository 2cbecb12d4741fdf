import type { Sequence } from '../../ledger/sequence.ts'
import type { ApplyContext } from '../apply/apply-context.ts'
import type { JourneyRecord } from '../journey-record.ts'
import type { PackedChunk } from '../packed-chunk.ts'
import { mayBeSavedPacked, wholeOf } from '../packed-journey.ts'
import { numbersOf } from '../report-list.ts'
import { type SavedChunk, type SavedJourney, type SavedJourneys, savedFormat } from './saved-journeys.ts'

/** Each costs some ten microseconds while nothing else is done. */
const othersMax = 20_000
/** Some 13 bytes each, of which memory holds three copies while they are written. */
const packedMax = 4_000_000

/**
 * All journeys as they are now. Undefined where the journal has to be read at a start: there are too many of them, or too many are at
 * work, for a checkpoint to be quick and small.
 */
export function saveJourneys({
  traces,
  suspicions,
}: Pick<ApplyContext, 'traces' | 'suspicions'>): SavedJourneys | undefined {
  const { order, slots } = traces
  if (order.packed + order.packedSettled > packedMax) return undefined
  const mayPack = order.rehydrate ? mayBeSavedPacked : () => false
  const sequences = new Map<Sequence, number>()
  const numberOf = (sequence: Sequence): number => {
    const number = sequences.get(sequence) ?? sequences.size
    sequences.set(sequence, number)
    return number
  }
  const others: JourneyRecord[] = []
  const chunks: SavedJourneys['chunks'] = []
  for (const chunk of order.chunksWhere(mayPack)) {
    others.push(...chunk.others)
    if (others.length > othersMax) return undefined
    chunks.push({ number: chunk.number, packed: chunk.packed && savedChunk(chunk.packed, numberOf) })
  }
  for (const journey of slots.all()) if (journey.order < 0) others.push(journey)
  if (others.length > othersMax) return undefined
  const { settled, unpublished } = traces.waiting()
  const places = new Map(others.map((journey, place) => [journey, place]))
  return {
    format: savedFormat,
    next: order.next,
    chunks,
    others: others.map((journey) => savedJourney(journey, numberOf)),
    sequences: [...sequences.keys()].map(({ prefix }) => prefix),
    settled: Float64Array.from(settled),
    unpublished: unpublished.flatMap((journey) => places.get(journey) ?? []),
    uncaused: suspicions.of('uncaused').map(({ id, group }) => [id, group]),
  }
}

const savedChunk = ({ data }: PackedChunk, numberOf: (sequence: Sequence) => number): SavedChunk => ({
  ...data,
  kinds: data.kinds.map((kind) => ({ ...kind, sequence: numberOf(kind.sequence) })),
})

function savedJourney(journey: JourneyRecord, numberOf: (sequence: Sequence) => number): SavedJourney {
  wholeOf(journey)
  const { sequence, reported, unread: _, dropped: __, ...fields } = journey
  return {
    ...fields,
    // The journal has it, but where the publish was not reported.
    body: journey.publishSegment < 0 ? journey.body : undefined,
    sequence: numberOf(sequence),
    places: numbersOf(reported),
  }
}
