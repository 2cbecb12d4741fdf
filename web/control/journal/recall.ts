import { newGroupCounts } from '../ledger/counters.ts'
import { DueTimes } from '../ledger/due-times.ts'
import { Processes } from '../ledger/processes.ts'
import { Suspicions } from '../ledger/suspicions.ts'
import { noFlow } from '../metrics/flow-sink.ts'
import type { ApplyContext } from '../traces/apply-context.ts'
import { applyRecord, type OtherRecords } from '../traces/apply-record.ts'
import { applyResolution } from '../traces/apply-resolution.ts'
import type { DormantJourney, Recall } from '../traces/dormant-journey.ts'
import { ensureHop, hopOf, JourneyRecord } from '../traces/journey-record.ts'
import { Runs } from '../traces/runs.ts'
import { placesOf } from '../traces/told.ts'
import { TraceStore } from '../traces/trace-store.ts'
import type { EntryReader } from './entry-reader.ts'
import { ReadOnlyLedger } from './read-only-ledger.ts'

const ignore = (): void => undefined
const other: OtherRecords = { log: ignore, gauges: ignore, burst: ignore, fault: ignore, assigned: ignore }
const noSegments = { retain: ignore, release: ignore }

/**
 * Makes dormant journeys anew: their entries are applied once more, to a store that holds nothing else, as they are when the
 * journal is read at start. Where an entry cannot be read, the journey says what is known without it.
 */
export function createRecall(context: ApplyContext, entries: EntryReader): Recall {
  const ledger = new ReadOnlyLedger(context.ledger)
  const counts = newGroupCounts()
  return (dormant) => {
    const traces = new TraceStore(noSegments)
    const alone: ApplyContext = {
      ...context,
      ...{ ledger, traces, flow: noFlow, rebuilding: true },
      ...{ runs: new Runs(), dues: new DueTimes(), suspicions: new Suspicions(), processes: new Processes() },
      ...{ raise: ignore, retract: ignore, repeated: ignore, untold: ignore },
      owedGroups: () => dormant.owed,
      groupCounts: () => counts,
    }
    for (const place of placesOf(dormant.told)) {
      for (const telling of entries.tellings(place, dormant.id)) {
        if ('record' in telling) applyRecord(alone, other, telling.record, place)
        else applyResolution(alone, telling.resolution, place)
      }
    }
    const read = traces.get(dormant.lane, dormant.seq)
    const journey = read && agree(read, dormant) ? read : outline(dormant)
    journey.order = dormant.order
    journey.told = dormant.told
    journey.retired = false
    return journey
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

/** What is known of a journey that cannot be read any more: enough for all that follows to be counted right. */
function outline({
  lane,
  seq,
  type,
  base,
  owed,
  publish,
  burstId,
  openHops,
  hops,
  told,
}: DormantJourney): JourneyRecord {
  const journey = new JourneyRecord(lane, seq, base)
  Object.assign(journey, { type, owed, publish, burstId, body: undefined, revision: told.length })
  for (const { group, state } of hops) ensureHop(journey, group).state = state
  journey.time = new Date(base).toISOString()
  journey.openHops = openHops
  return journey
}
