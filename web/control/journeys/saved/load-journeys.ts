import type { Sequence } from '../../ledger/sequence.ts'
import type { ApplyContext } from '../apply/apply-context.ts'
import { JourneyRecord } from '../journey-record.ts'
import { PackedChunk } from '../packed-chunk.ts'
import { listOf, ReportLists } from '../report-list.ts'
import { type SavedChunk, type SavedJourney, type SavedJourneys, savedFormat } from './saved-journeys.ts'
import { sharedLists } from './shared-lists.ts'

/**
 * Whether `loadJourneys` can take them: they are of this version's shape, those that are packed may be, and the ledger knows all of their
 * sequences. False where there are none.
 */
export const canLoad = (
  saved: SavedJourneys | undefined,
  { ledger, traces }: Pick<ApplyContext, 'ledger' | 'traces'>,
): saved is SavedJourneys => {
  if (saved?.format !== savedFormat) return false
  if (!traces.order.rehydrate && saved.chunks.some(({ packed }) => packed)) return false
  const known = new Set([...ledger.sequences()].map(({ prefix }) => prefix))
  return saved.sequences.every((prefix) => known.has(prefix))
}

/** Takes back the journeys of a checkpoint whose ledger was restored, with the handler runs and retries that they tell of. */
export function loadJourneys(
  { ledger, traces, runs, dues, suspicions, now }: ApplyContext,
  saved: SavedJourneys,
): void {
  const byPrefix = new Map([...ledger.sequences()].map((sequence) => [sequence.prefix, sequence]))
  const sequences = saved.sequences.map((prefix) => byPrefix.get(prefix) as Sequence)
  const share = sharedLists()
  const reportLists = new ReportLists()
  const others = saved.others.map((journey) => loadedJourney(journey, sequences, { share, reportLists }))
  traces.restore({
    next: saved.next,
    chunks: saved.chunks.map(({ number, packed }) => ({
      number,
      packed: packed && loadedChunk(packed, sequences, share),
    })),
    others,
    settled: saved.settled,
    unpublished: saved.unpublished.flatMap((place) => others[place] ?? []),
  })
  for (const journey of others) {
    for (const obligation of journey.obligations) {
      dues.add(journey, obligation)
      for (const attempt of obligation.attempts) {
        if (attempt.outcome === undefined) runs.add({ journey, obligation, attempt })
      }
    }
  }
  for (const [id, group] of saved.uncaused) suspicions.add('uncaused', id, group, now())
}

type Share = ReturnType<typeof sharedLists>

/** The arrays that were read are views of the whole file: copies let go of it. */
const loadedChunk = (
  { kinds, kindOf, seqs, pastOf, ats, ackedUs, starts, places }: SavedChunk,
  sequences: readonly Sequence[],
  share: Share,
): PackedChunk =>
  new PackedChunk({
    ...{ kindOf: kindOf.slice(), seqs: seqs.slice(), pastOf: pastOf.slice(), ats: ats.slice() },
    ...{ ackedUs: ackedUs.slice(), starts: starts.slice(), places: places.slice() },
    kinds: kinds.map((kind) => ({
      ...kind,
      owed: share(kind.owed),
      sequence: sequences[kind.sequence] as Sequence,
    })),
  })

function loadedJourney(
  { sequence, seq, base, places, obligations, ...fields }: SavedJourney,
  sequences: readonly Sequence[],
  { share, reportLists }: { share: Share; reportLists: ReportLists },
): JourneyRecord {
  const journey = new JourneyRecord(sequences[sequence] as Sequence, seq, base)
  Object.assign(journey, fields, { owed: share(fields.owed) })
  if (obligations.length > 0) journey.obligations = obligations
  journey.reported = listOf(places, reportLists)
  return journey
}
