import { idsOf, type MessageQuery, type MessageRow } from '#contracts/api/journey.ts'
import { isAccepted, type JourneyRecord, obligationOf, toMs } from './journey-record.ts'
import { type BodyReader, rowView } from './journey-view.ts'
import type { OrderLog } from './order-log.ts'
import { type JourneyEntry, PackedJourney, type PackedObligation, publishedOf, wholeOf } from './packed-journey.ts'
import { lookFor, type Seeker } from './seen-text.ts'

/** Journeys looked at in one call at most; the answer's cursor goes on from there, even if nothing was found. */
export const examinedPerCall = 100_000
/** The same where text has to be searched. */
export const examinedTextsPerCall = 10_000
/** Journeys that one call reads from the journal to examine them: some tens of milliseconds. */
export const readPerCall = 2_000
/** Characters of bodies that one call searches: a few tenths of a second where every letter has to be folded. */
const charactersPerCall = 16_000_000

/** The cursor was not made by this list. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
}

export type JourneyFilter = Partial<Omit<MessageQuery, 'cursor' | 'limit'>>

interface Kept {
  order: OrderLog
  find(id: string): JourneyRecord | undefined
  /** Reads the body of a message of which memory no longer holds it. */
  readBody: BodyReader
}

/** Newest first. Throws `InvalidCursor`. */
export function search(
  { order, find, readBody }: Kept,
  query: MessageQuery,
): { items: MessageRow[]; nextCursor?: string } {
  const { passes, meets, hasToRead } = compileFilter(query)
  const searchedIn = query.q === undefined ? () => undefined : (one: JourneyRecord) => one.body ?? readBody(one)
  // Named ones are found wherever they are, also those that nobody is known to have published.
  if (query.ids !== undefined)
    return {
      items: named(idsOf(query.ids), find)
        .filter((journey) => passes(journey) && meets(wholeOf(journey), searchedIn(wholeOf(journey))))
        .map(rowView),
    }
  const items: MessageRow[] = []
  let examined = 0
  let read = 0
  let characters = 0
  const limit = query.q === undefined ? examinedPerCall : examinedTextsPerCall
  const openOnly = query.state !== undefined && openStates.has(query.state)
  const resume = order.walkBack(cursorOrder(query.cursor), openOnly, (entry) => {
    if (items.length >= query.limit || examined >= limit || read >= readPerCall) return false
    if (characters >= charactersPerCall) return false
    examined += 1
    if (!passes(entry)) return true
    if (entry instanceof PackedJourney || entry.unread) read += 1
    if (hasToRead) {
      const published = publishedOf(entry)
      // One that was packed once has its body in the journal alone.
      if (query.q !== undefined && published === entry && published.body === undefined) read += 1
      const body = searchedIn(published)
      characters += body?.length ?? 0
      if (!meets(published, body)) return true
    }
    items.push(rowView(entry))
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
  if (!Number.isSafeInteger(order)) throw new InvalidCursor(`"${cursor}" is not a cursor of this list`)
  return order
}

/** A test for one journey, in two parts that both have to hold: what is known of a packed one, and what its publish said; `body` where memory has none. */
export interface CompiledFilter {
  passes(entry: JourneyEntry): boolean
  meets(journey: JourneyRecord, body?: string): boolean
  /** Whether `meets` asks anything. */
  hasToRead: boolean
}

/** The filter is read once. */
export function compileFilter(filter: JourneyFilter): CompiledFilter {
  const { type, topic, group, state, key, broker, burst, correlation } = filter
  const text = filter.q === undefined ? undefined : lookFor(filter.q)
  const ids = filter.ids === undefined ? undefined : new Set(idsOf(filter.ids))
  const from = filter.from === undefined ? undefined : Date.parse(filter.from)
  const to = filter.to === undefined ? undefined : Date.parse(filter.to)
  return {
    passes(entry) {
      if (ids !== undefined && !ids.has(entry.id)) return false
      if (type !== undefined && entry.type !== type) return false
      if (topic !== undefined && entry.sequence.topic !== topic) return false
      if (broker !== undefined && entry.sequence.broker !== broker) return false
      if (burst !== undefined && entry.burstId !== burst) return false
      if (correlation !== undefined && isSurelyOfOther(entry, correlation)) return false
      if (group !== undefined && !entry.owed.includes(group) && !heardOf(entry, group)) return false
      if (state !== undefined && entry.publish !== state && !hasState(entry, group, state)) return false
      if (from !== undefined && toMs(entry, entry.attemptedUs) < from) return false
      return to === undefined || toMs(entry, entry.attemptedUs) < to
    },
    hasToRead: key !== undefined || text !== undefined || correlation !== undefined,
    meets: (journey, body = journey.body) =>
      (key === undefined || journey.key === key) &&
      (correlation === undefined || (journey.chained?.correlationId ?? journey.id) === correlation) &&
      (text === undefined || hasText(journey, body, text)),
  }
}

/** Whether it is known without reading it that it belongs to another flow. One that is read when it is asked for has no cause. */
const isSurelyOfOther = (entry: JourneyEntry, correlation: string): boolean => {
  if (entry instanceof PackedJourney) return entry.isUnchained && entry.id !== correlation
  return (entry.chained?.correlationId ?? entry.id) !== correlation
}

const heardOf = (entry: JourneyEntry, group: string): boolean =>
  obligationOf<PackedObligation>(entry, group) !== undefined

function hasState(journey: JourneyEntry, group: string | undefined, state: string): boolean {
  for (const obligation of journey.obligations) {
    if (isIn(obligation.state, state) && (group === undefined || obligation.group === group)) return true
  }
  if (!isIn('waiting', state) || !isAccepted(journey)) return false
  if (group !== undefined) return journey.owed.includes(group) && !heardOf(journey, group)
  return journey.owed.some((owed) => !heardOf(journey, owed))
}

const isIn = (state: string, wanted: string): boolean =>
  state === wanted || wanted === 'owed' || (wanted === 'in_flight' && (state === 'waiting' || state === 'handling'))

/** Looks into id, key, headers and payload. */
function hasText(journey: JourneyRecord, body: string | undefined, text: Seeker): boolean {
  const { id, key, traceparent, tracestate, type, time, chained } = journey
  const headers = [traceparent, tracestate, type, time, chained?.correlationId, chained?.cause?.id, chained?.givenId]
  return [id, key, ...headers].some((one) => text.isIn(one)) || text.isIn(body, 'json')
}
