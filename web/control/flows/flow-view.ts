import type { FlowView } from '#contracts/api/flow.ts'
import type { Journey } from '#contracts/api/journey.ts'
import type { JourneyRecord } from '../journeys/journey-record.ts'
import { eventsOf, type FlowListSources, flowRowOf } from './flow-list.ts'
import { boundSpans } from './flow-spans.ts'
import { flowFlag } from './flow-store.ts'

/** Journeys of a flow that are answered at most. */
const journeysShown = 1_000

/** The whole flow with the journeys of its events, in the order of publishing; undefined if no flow of that id is kept. */
export function viewOfFlow(
  sources: FlowListSources & { view(journey: JourneyRecord): Journey },
  id: string,
): FlowView | undefined {
  const { book, find, view } = sources
  const row = book.store.find(id)
  if (row === undefined || !book.store.has(row, flowFlag.started)) return undefined
  const shown = flowRowOf(sources, row)
  const events = [{ id, at: Date.parse(shown.startedAt) }, ...eventsOf(book, row)].sort((a, b) => a.at - b.at)
  const journeys = events.slice(0, journeysShown).flatMap((event) => find(event.id) ?? [])
  return {
    ...shown,
    withinMs: book.kinds.at(book.store.flows.get(row, 'kind')).declaration.withinMs,
    journeys: boundSpans(journeys.map(view)),
    dropped: shown.events - journeys.length,
  }
}
