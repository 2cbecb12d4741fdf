import type { FlowList, FlowQuery, FlowRow, FlowState } from '#contracts/api/flow.ts'
import type { JourneyRecord } from '../journeys/journey-record.ts'
import { wholeOf } from '../journeys/packed-journey.ts'
import { InvalidCursor } from '../journeys/search.ts'
import { lookFor } from '../journeys/seen-text.ts'
import type { FlowBook } from './flow-book.ts'
import { type FlowEvent, flowFlag } from './flow-store.ts'

/** Flows that one call looks at, at most; the cursor of the answer goes on from there, even if nothing was found. */
const examinedPerCall = 100_000
/** The same where keys or texts are compared: that may read the journal. */
const readPerCall = 5_000
/** Events of a flow that are looked at for its row. */
const eventsPerRow = 1_000

export interface FlowListSources {
  book: FlowBook
  /** The journey of a message; undefined if it is not kept. */
  find(id: string): JourneyRecord | undefined
}

export function flowRowOf({ book, find }: FlowListSources, row: number): FlowRow {
  const { store } = book
  const { flows } = store
  const { declaration } = book.kinds.at(flows.get(row, 'kind'))
  const id = store.idOf(row)
  const startedAt = flows.get(row, 'startedAt')
  const first: FlowEvent = { id, type: declaration.starts, at: startedAt }
  const events = eventsOf(book, row)
  const last = events.reduce((latest, event) => (event.at >= latest.at ? event : latest), first)
  const key = keyOf({ book, find }, row)
  const hasEnd = flows.get(row, 'firstEnd') > 0
  return {
    id,
    flow: declaration.name,
    number: flows.get(row, 'number'),
    ...(key === undefined ? {} : { key }),
    startedAt: new Date(startedAt).toISOString(),
    state: stateOf(book, row),
    endedBy: [...new Set(events.map(({ type }) => type).filter((type) => declaration.ends.includes(type)))],
    lastEvent: { type: last.type, service: serviceOf(last.id), at: new Date(last.at).toISOString() },
    ...(hasEnd ? { tookMs: flows.get(row, 'took') } : {}),
    events: flows.get(row, 'events'),
    deliveries: flows.get(row, 'deliveries'),
    unsettled:
      flows.get(row, 'open') === 0
        ? 0
        : [first, ...events].reduce((sum, event) => sum + (find(event.id)?.unsettledObligations ?? 0), 0),
  }
}

export function stateOf({ store }: FlowBook, row: number): FlowState {
  if (store.has(row, flowFlag.ended)) return store.has(row, flowFlag.conflicting) ? 'conflicting' : 'ended'
  return store.has(row, flowFlag.overdue) ? 'overdue' : 'open'
}

/** Events of a flow but the first, in the order in which they were reported; the newest 1,000. */
export function eventsOf({ store }: FlowBook, row: number): FlowEvent[] {
  const events: FlowEvent[] = []
  for (const event of store.events(row)) {
    events.push(event)
    if (events.length === eventsPerRow) break
  }
  return events.reverse()
}

/** Which flow stopped where, as a sentence names it. */
export function flowWords(sources: FlowListSources, row: number): string {
  const { flow, number, lastEvent } = flowRowOf(sources, row)
  return `${flow} ${number}, last event ${lastEvent.type} of ${lastEvent.service}`
}

/** A page of flows. Throws `InvalidCursor`. */
export function listFlows(sources: FlowListSources, query: FlowQuery): FlowList {
  const { book } = sources
  const found: FlowRow[] = []
  const matches = filterOf(sources, query)
  let examined = 0
  const limit = query.key === undefined && query.q === undefined ? examinedPerCall : readPerCall
  let { pass, before } = placeOf(query)
  for (;;) {
    const isWanted = (row: number): boolean => pass === 'n' || isUnusual(book, row) === (pass === 'u')
    const resume = book.store.flows.walkBack(before, (row) => {
      if (found.length >= query.limit || examined >= limit) return false
      if (!book.store.has(row, flowFlag.started)) return true
      examined += 1
      if (isWanted(row) && matches(row)) found.push(flowRowOf(sources, row))
      return true
    })
    const cursor = resume === undefined ? undefined : `${pass}${(resume + 1).toString(36)}`
    if (cursor !== undefined) return { figures: book.figures(), flows: found, cursor }
    if (pass !== 'u') return { figures: book.figures(), flows: found }
    pass = 'r'
    before = Number.POSITIVE_INFINITY
  }
}

const isUnusual = ({ store }: FlowBook, row: number): boolean =>
  store.has(row, flowFlag.overdue) || store.has(row, flowFlag.conflicting)

/** Where to go on: `n` newest first; `u` the unusual ones, then `r` the rest. */
function placeOf({ cursor, order }: FlowQuery): { pass: string; before: number } {
  const first = order === 'unusual' ? 'u' : 'n'
  if (cursor === undefined) return { pass: first, before: Number.POSITIVE_INFINITY }
  const pass = cursor[0] ?? ''
  const before = /^[nur][0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor.slice(1), 36) : Number.NaN
  if (!Number.isSafeInteger(before) || (pass === 'n') !== (first === 'n')) {
    throw new InvalidCursor(`"${cursor}" is not a cursor of this list`)
  }
  return { pass, before }
}

function filterOf(sources: FlowListSources, { flow, state, key, q }: FlowQuery): (row: number) => boolean {
  const { book } = sources
  const text = q === undefined ? undefined : lookFor(q)
  return (row) => {
    const { name, starts } = book.kinds.at(book.store.flows.get(row, 'kind')).declaration
    if (flow !== undefined && name !== flow) return false
    if (state !== undefined && stateOf(book, row) !== state) return false
    if (key !== undefined && keyOf(sources, row) !== key) return false
    if (!text) return true
    const last = eventsOf(book, row).at(-1)?.type ?? starts
    return text.isIn(book.store.idOf(row)) || text.isIn(last) || text.isIn(keyOf(sources, row))
  }
}

function keyOf({ book, find }: FlowListSources, row: number): string | undefined {
  const kept = book.store.keys.get(row)
  if (kept !== undefined) return kept
  const journey = find(book.store.idOf(row))
  return journey && wholeOf(journey).key
}

/** `payment` of `payment-1:3:payment_captured:7`. */
const serviceOf = (id: string): string => id.slice(0, id.indexOf(':')).replace(/-\d+$/, '')
