import type { EntryReader } from '../journal/entry-reader.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { applyRecord, type OtherRecords } from '../journeys/apply/apply-record.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { replaySink } from '../journeys/apply/replay-sink.ts'
import { type DormantJourney, outline, type Recall } from '../journeys/dormant-journey.ts'
import { DueTimes } from '../journeys/due-times.ts'
import { noFlow } from '../journeys/flow-sink.ts'
import { hopOf, type JourneyRecord } from '../journeys/journey-record.ts'
import { Runs } from '../journeys/runs.ts'
import { placesOf } from '../journeys/told.ts'
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
 * Makes dormant journeys anew: their entries are applied once more, to a store that holds nothing else, as they are when the
 * journal is read at start. Where an entry cannot be read, the journey says what is known without it.
 */
export function createRecall(context: ApplyContext, entries: EntryReader): Recall {
  const alone = { ...context, ledger: new ReadOnlyLedger(context.ledger), flow: noFlow }
  let owed: readonly string[] = []
  Object.assign(alone, {
    owedGroups: () => owed,
    sink: replaySink(alone.ledger),
  } satisfies Partial<ApplyContext>)
  let uses = 0
  /** Gives it empty books. They are used for some journeys, since most leave nothing in them. */
  const renew = (): void => {
    uses = 0
    Object.assign(alone, {
      ...{ traces: new TraceStore(noSegments, 1), processes: new Processes() },
      ...{ runs: new Runs(), dues: new DueTimes(), suspicions: new Suspicions() },
    } satisfies Partial<ApplyContext>)
  }
  renew()
  return (dormant) => {
    owed = dormant.owed
    for (const place of placesOf(dormant.told)) {
      for (const telling of entries.tellings(place, dormant.id)) {
        if ('record' in telling) applyRecord(alone, other, telling.record, place)
        else applyResolution(alone, telling.resolution, place)
      }
    }
    const read = alone.traces.get(dormant.lane, dormant.seq)
    if (read) alone.traces.drop(read)
    uses += 1
    if (uses === usesOfBooks) renew()
    if (!read || !agree(read, dormant)) {
      return Object.assign(outline(dormant), { time: new Date(dormant.base).toISOString() })
    }
    read.order = dormant.order
    read.told = dormant.told
    read.retired = false
    read.dropped = false
    return read
  }
}

function agree(journey: JourneyRecord, { publish, openHops, hops }: DormantJourney): boolean {
  return (
    journey.order >= 0 &&
    journey.publish === publish &&
    journey.openHops === openHops &&
    journey.hops.length === hops.length &&
    hops.every(({ group, state }) => hopOf(journey, group)?.state === state)
  )
}
