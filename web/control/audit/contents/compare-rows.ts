import { createHash } from 'node:crypto'
import { difference } from '#contracts/effects/declared/declared-event.ts'
import { compareRow, type ExpectedRow, expectedRow } from '#contracts/effects/declared/row-comparison.ts'
import { compareEventOrder, type EventOrder, eventOrderOf } from '#contracts/effects/event-order.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { ContentReader, InboxLine, KeyedRow } from './content-reader.ts'
import type { ContentVerdicts } from './content-verdicts.ts'
import { against, type PublishedMessage } from './published-message.ts'

export interface RowSources {
  group: string
  /** What the group delivered, batch by batch; it is iterated twice. */
  messages(): AsyncGenerator<PublishedMessage[]>
  reader: Pick<ContentReader, 'written' | 'rows'>
  /** The place of a kept message among the events of its key; undefined if it is not kept. */
  orderOf(id: string): EventOrder | undefined
  verdicts: ContentVerdicts
  /** Called with each message that was compared. */
  compared(message: PublishedMessage): void
}

interface Newest {
  id: string
  order: EventOrder
}

/**
 * Compares rows with what was published. A row that several events share has to say what the newest one says that was delivered, or one
 * that is newer still; of the older ones it is only asked whether they were written to their own place.
 */
export async function compareRows(sources: RowSources): Promise<void> {
  const { group, messages, verdicts, compared } = sources
  const newest = await newestOfKeys(messages())
  /** By the message that is there, the newest one that should. */
  const stale = new Map<string, Newest & { row: string }>()
  for await (const batch of messages()) {
    const { lines, rows } = await read(sources, batch, newest)
    for (const message of batch) {
      const { id } = message.event
      const line = lines.get(id)
      const expected = expectedOf(message)
      if (expected === 'unreadable') continue
      compared(message)
      // What is not there at all is found where effects are counted.
      const row = line && rows.get(`${line.table} ${line.key}`)
      if (!line || !row || isPast(message, line, expected, newest)) continue
      const isHere = isAt(line, expected)
      const writer = row.writer === id ? undefined : writerOf(sources, row)
      if (!isHere || writer === undefined) {
        verdicts.effect(
          id,
          group,
          'row',
          against(message, (event) => compareRow(event, row)),
        )
      } else if (writer === 'nobody') {
        const field = `${line.table}.message_id`
        verdicts.effect(id, group, 'row', { differences: [difference(field, id, row.writer)], isExplained: false })
      } else if (compareEventOrder(writer, message.order) < 0) {
        const known = stale.get(row.writer)
        if (!known || compareEventOrder(known.order, message.order) < 0) {
          stale.set(row.writer, { id, order: message.order, row: `${line.table}/${line.key}` })
        }
      }
    }
  }
  for (const [older, { id, row }] of stale) verdicts.stale(older, id, group, row)
}

async function newestOfKeys(messages: AsyncGenerator<PublishedMessage[]>): Promise<Map<string, Newest>> {
  const newest = new Map<string, Newest>()
  for await (const batch of messages) {
    for (const message of batch) {
      const expected = expectedOf(message)
      if (expected === undefined || expected === 'unreadable' || isItsOwnKey(message, expected)) continue
      const key = shortKey(expected)
      const known = newest.get(key)
      const { order, event } = message
      if (!known || compareEventOrder(known.order, order) < 0) newest.set(key, { id: event.id, order })
    }
  }
  return newest
}

async function read(
  { group, reader }: RowSources,
  batch: readonly PublishedMessage[],
  newest: ReadonlyMap<string, Newest>,
): Promise<{ lines: Map<string, InboxLine>; rows: Map<string, KeyedRow> }> {
  const lines = await reader.written(
    group,
    batch.map(({ event }) => event.id),
  )
  const keys = new Map<string, Set<string>>()
  for (const message of batch) {
    const line = lines.get(message.event.id)
    const expected = expectedOf(message)
    if (!line || expected === 'unreadable' || isPast(message, line, expected, newest)) continue
    keys.set(line.table, (keys.get(line.table) ?? new Set()).add(line.key))
  }
  const rows = new Map<string, KeyedRow>()
  for (const [table, wanted] of keys) {
    for (const [key, row] of await reader.rows(table, [...wanted])) rows.set(`${table} ${key}`, row)
  }
  return { lines, rows }
}

/** What follows from an event; a body that is not JSON has no row that could be named. */
function expectedOf({ event }: PublishedMessage): ExpectedRow | undefined | 'unreadable' {
  try {
    return expectedRow(event)
  } catch {
    return 'unreadable'
  }
}

const isAt = (line: InboxLine, expected: ExpectedRow | undefined): boolean =>
  expected !== undefined && line.table === expected.table && line.key === expected.key

const isItsOwnKey = ({ event }: PublishedMessage, { key }: ExpectedRow): boolean => key === event.id

/** Whether it was written to its own place, and a newer event of that place was delivered. */
function isPast(
  message: PublishedMessage,
  line: InboxLine,
  expected: ExpectedRow | undefined,
  newest: ReadonlyMap<string, Newest>,
): boolean {
  if (expected === undefined || !isAt(line, expected) || isItsOwnKey(message, expected)) return false
  return newest.get(shortKey(expected))?.id !== message.event.id
}

/** Keys may be as long as a message; a hundred thousand of them are kept. */
function shortKey({ table, key }: ExpectedRow): string {
  return key.length <= 200 ? `${table} ${key}` : `${table} ${createHash('sha256').update(key).digest('base64')}`
}

/** The place of the message that wrote a row: as it was published, or else as the row says; `nobody` where no producer ever gave such an id. */
function writerOf({ orderOf }: RowSources, { writer, row }: KeyedRow): EventOrder | 'nobody' {
  const known = orderOf(writer)
  if (known) return known
  if (!parseIdentity(writer)) return 'nobody'
  const { event_time: time } = JSON.parse(row) as { event_time?: unknown }
  return eventOrderOf({ id: writer, time: typeof time === 'string' ? time : '' })
}
