import { idsOf, type MessageQuery, type MessageRow } from '#contracts/journey.ts'
import { InvalidCursor } from '../control-ports.ts'
import { hopOf, isTaken, type JourneyRecord, toMs } from './journey-record.ts'
import { rowView } from './journey-view.ts'
import type { OrderLog } from './order-log.ts'

/** Journeys looked at in one call at most; the answer's cursor goes on from there, even where nothing was found. */
export const examinedPerCall = 100_000
/** The same where text has to be searched. */
export const examinedTextsPerCall = 10_000

export type JourneyFilter = Partial<Omit<MessageQuery, 'cursor' | 'limit'>>

interface Kept {
  order: OrderLog
  find(id: string): JourneyRecord | undefined
}

/** Newest first. Throws `InvalidCursor`. */
export function search({ order, find }: Kept, query: MessageQuery): { items: MessageRow[]; nextCursor?: string } {
  const matches = compileFilter(query)
  // Named ones are found wherever they stand, also those that nobody is known to have published.
  if (query.ids !== undefined) return { items: named(idsOf(query.ids), find).filter(matches).map(rowView) }
  const items: MessageRow[] = []
  let examined = 0
  const limit = query.q === undefined ? examinedPerCall : examinedTextsPerCall
  const openOnly = query.state !== undefined && openStates.has(query.state)
  const resume = order.walkBack(cursorOrder(query.cursor), openOnly, (journey) => {
    if (items.length >= query.limit || examined >= limit) return false
    examined += 1
    if (matches(journey)) items.push(rowView(journey))
    return true
  })
  return resume === undefined ? { items } : { items, nextCursor: `o${(resume + 1).toString(36)}` }
}

const openStates = new Set<string>(['waiting', 'handling', 'retrying', 'in_flight'])

function named(ids: readonly string[], find: Kept['find']): JourneyRecord[] {
  const found = new Set(ids.flatMap((id) => find(id) ?? []))
  return [...found].sort((a, b) => toMs(b, b.attemptedUs) - toMs(a, a.attemptedUs) || b.seq - a.seq)
}

function cursorOrder(cursor: string | undefined): number {
  if (cursor === undefined) return Number.POSITIVE_INFINITY
  const order = /^o[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor.slice(1), 36) : Number.NaN
  if (!Number.isSafeInteger(order)) throw new InvalidCursor(`"${cursor}" is no cursor of this list`)
  return order
}

/** A test for one journey; the filter is read once. */
export function compileFilter(filter: JourneyFilter): (journey: JourneyRecord) => boolean {
  const { type, topic, group, state, key, broker, burst } = filter
  const text = filter.q?.toLowerCase()
  const ids = filter.ids === undefined ? undefined : new Set(idsOf(filter.ids))
  const from = filter.from === undefined ? undefined : Date.parse(filter.from)
  const to = filter.to === undefined ? undefined : Date.parse(filter.to)
  return (journey) => {
    if (ids !== undefined && !ids.has(journey.id)) return false
    if (type !== undefined && journey.type !== type) return false
    if (topic !== undefined && journey.lane.topic !== topic) return false
    if (broker !== undefined && journey.lane.broker !== broker) return false
    if (burst !== undefined && journey.burstId !== burst) return false
    if (key !== undefined && journey.key !== key) return false
    if (group !== undefined && !journey.owed.includes(group) && !hopOf(journey, group)) return false
    if (state !== undefined && journey.publish !== state && !hasState(journey, group, state)) return false
    if (from !== undefined && toMs(journey, journey.attemptedUs) < from) return false
    if (to !== undefined && toMs(journey, journey.attemptedUs) >= to) return false
    return text === undefined || hasText(journey, text)
  }
}

function hasState(journey: JourneyRecord, group: string | undefined, state: string): boolean {
  for (const hop of journey.hops) {
    if (isIn(hop.state, state) && (group === undefined || hop.group === group)) return true
  }
  if (!isIn('waiting', state) || !isTaken(journey)) return false
  if (group !== undefined) return journey.owed.includes(group) && !hopOf(journey, group)
  return journey.owed.some((owed) => !hopOf(journey, owed))
}

const isIn = (state: string, wanted: string): boolean =>
  state === wanted || wanted === 'owed' || (wanted === 'in_flight' && (state === 'waiting' || state === 'handling'))

/** Looks into id, key, payload and headers. Bodies that memory no longer holds are passed over. */
function hasText(journey: JourneyRecord, text: string): boolean {
  const has = (value: string | undefined): boolean => value?.toLowerCase().includes(text) ?? false
  return (
    has(journey.body) ||
    has(journey.id) ||
    has(journey.key) ||
    has(journey.traceparent) ||
    has(journey.tracestate) ||
    has(journey.type) ||
    has(journey.time)
  )
}
