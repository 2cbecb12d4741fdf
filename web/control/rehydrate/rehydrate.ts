import type { EntryReader } from '../journal/entry-reader.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { takeMessage } from '../journeys/apply/apply-publish.ts'
import { applyRecord, type OtherRecords } from '../journeys/apply/apply-record.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { replaySink } from '../journeys/apply/replay-sink.ts'
import { RetryDueTimes } from '../journeys/due-times.ts'
import { noFlow } from '../journeys/flow-sink.ts'
import { type JourneyRecord, obligationOf } from '../journeys/journey-record.ts'
import { outline, type PackedJourney, type Rehydration } from '../journeys/packed-journey.ts'
import { placesOf } from '../journeys/report-list.ts'
import { BegunRuns } from '../journeys/runs.ts'
import { TraceStore } from '../journeys/trace-store.ts'
import { Processes } from '../ledger/processes.ts'
import { Suspicions } from '../ledger/suspicions.ts'
import { ReadOnlyLedger } from './read-only-ledger.ts'

const ignore = (): void => undefined
const other: OtherRecords = { log: ignore, gauges: ignore, burst: ignore, fault: ignore, assigned: ignore }
/** Journeys that are made with the same books. */
const usesOfBooks = 256
const noSegments = { retain: ignore, release: ignore }

/**
 * Makes packed journeys again: their entries are applied once more, to a store that holds nothing else, as they are when the
 * journal is read at start. Where an entry cannot be read, the journey says what is known without it.
 */
export function createRehydration(context: ApplyContext, entries: EntryReader): Rehydration {
  const alone = { ...context, ledger: new ReadOnlyLedger(context.ledger), flow: noFlow }
  let owed: readonly string[] = []
  Object.assign(alone, {
    owedGroups: () => owed,
    owedAtAnswer: () => owed,
    sink: replaySink(alone.ledger),
  } satisfies Partial<ApplyContext>)
  let uses = 0
  /** Gives it empty books. They are used for some journeys, since most leave nothing in them. */
  const renew = (): void => {
    uses = 0
    Object.assign(alone, {
      ...{ traces: new TraceStore(noSegments, 1), processes: new Processes() },
      ...{ runs: new BegunRuns(), dues: new RetryDueTimes(), suspicions: new Suspicions() },
    } satisfies Partial<ApplyContext>)
  }
  renew()
  function whole(packed: PackedJourney): JourneyRecord {
    owed = packed.owed
    for (const place of placesOf(packed.reported)) {
      for (const report of entries.reports(place, packed.id)) {
        if ('record' in report) applyRecord(alone, other, report.record, place)
        else applyResolution(alone, report.resolution, place)
      }
    }
    const read = alone.traces.get(packed.sequence, packed.seq)
    if (read) alone.traces.drop(read)
    uses += 1
    if (uses === usesOfBooks) renew()
    if (!read || !agree(read, packed)) {
      return Object.assign(outline(packed), { time: new Date(packed.base).toISOString() })
    }
    read.order = packed.order
    read.reported = packed.reported
    read.retired = packed.retired
    read.dropped = false
    return read
  }
  return { whole, published: (packed) => publishedIn(entries, packed) }
}

/** The outline of a journey with what the record says that began it. */
function publishedIn(entries: EntryReader, packed: PackedJourney): JourneyRecord {
  const journey = outline(packed)
  for (const place of placesOf(packed.reported)) {
    for (const report of entries.reports(place, packed.id)) {
      if (!('record' in report) || report.record.kind !== 'publish.attempted') continue
      const [message] = report.record.messages
      if (message) takeMessage(journey, message, place)
      return journey
    }
  }
  return Object.assign(journey, { time: new Date(packed.base).toISOString() })
}

function agree(journey: JourneyRecord, { publish, unsettledObligations, obligations }: PackedJourney): boolean {
  return (
    journey.order >= 0 &&
    journey.publish === publish &&
    journey.unsettledObligations === unsettledObligations &&
    journey.obligations.length === obligations.length &&
    obligations.every(({ group, state }) => obligationOf(journey, group)?.state === state)
  )
}
