import { Prisma } from '#prisma/generated/client.ts'
import type { Write } from './table-writer.ts'

/** Columns in which a keyed table keeps the place of the event that wrote a row last; its identity is in `message_id`. */
export const orderColumns = Prisma.raw('event_time, event_epoch, event_seq')

/** The values of `orderColumns` for rows that are written together, as arguments of `unnest`. */
export const orderValues = (writes: readonly Write[]): Prisma.Sql => Prisma.sql`
  ${writes.map(({ order }) => order.time)}::text[]::timestamptz[],
  ${writes.map(({ order }) => String(order.epoch))}::text[]::bigint[],
  ${writes.map(({ order }) => String(order.seq))}::text[]::bigint[]`

const place = (of: string): string =>
  `(${of}.event_time, ${of}.event_epoch, ${of}.event_seq, ${of}.message_id COLLATE "C")`

/** `SET` part for `orderColumns`. */
export const takeOrder = Prisma.raw(
  'event_time = excluded.event_time, event_epoch = excluded.event_epoch, event_seq = excluded.event_seq',
)

/**
 * Condition of `ON CONFLICT DO UPDATE`: the event that would be written is not older than the one that is stored, as
 * `compareEventOrder` says. PostgreSQL locks the row and then compares with its newest version, so that replicas which write one
 * key at once end with the newer event, whichever came first.
 */
export const isNotOlderThanIn = (table: 'users' | 'orders' | 'table_rows'): Prisma.Sql =>
  Prisma.raw(`${place(table)} <= ${place('excluded')}`)
