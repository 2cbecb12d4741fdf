import { compareEventOrder, type EventOrder } from '#contracts/effects/event-order.ts'
import type { RowTable } from '#contracts/events/event-type.ts'
import type { Prisma } from '#prisma/generated/client.ts'

/** A message as the store sees it. */
export interface Incoming {
  messageId: string
  type: string
  /** Of the event, RFC 3339. */
  time: string
  /** The body as it was parsed, and its JSON text as it came, which still has every digit of its numbers. */
  data: unknown
  body: string
  /** Its type has the name of one that has a writer, and is another. */
  isGeneric?: boolean
  /** The table that the lab file declares for its type. */
  table?: RowTable | undefined
}

/** A row that a message asks for: where it goes, under which key, and what is in it. */
export interface Write<Row = unknown> {
  messageId: string
  type: string
  /** Key in the writer's table: the effect is `table/key`. */
  key: string
  row: Row
  /** Decides between the writes of one key. */
  order: EventOrder
}

/** The part of a transaction that writers use. */
export type Transaction = Pick<Prisma.TransactionClient, '$executeRaw' | '$queryRaw'>

/** How events of one kind become rows. A new kind is one file with one of these, and one line in `table-writers.ts`. */
export interface TableWriter<Row = unknown> {
  /** Table of the effect, as `GET /api/outbox/rows` names it. */
  table: 'users' | 'orders' | 'records' | 'table_rows'
  /** What the effect is called. Default: `table/key`. */
  refOf?: (key: string) => string
  /** The row of a message. Throws `InvalidEventData` where the data is not what the type says. */
  plan(message: Incoming): { key: string; row: Row }
  /**
   * Writes the rows of new messages and answers the identities of those that were written. The others are older than the event that
   * is under their key, which keeps its row and its child rows. Called within a transaction. Locks rows in the order of their
   * keys, so that two replicas never wait for each other.
   */
  write(transaction: Transaction, writes: readonly Write<Row>[]): Promise<string[]>
}

/** The write of the newest event of each key, ordered by key. Which of them came first does not matter. */
export function newestOfEachKey<Row>(writes: readonly Write<Row>[]): Write<Row>[] {
  const newest = new Map<string, Write<Row>>()
  for (const write of writes) {
    const other = newest.get(write.key)
    if (other === undefined || compareEventOrder(other.order, write.order) <= 0) newest.set(write.key, write)
  }
  return [...newest.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}
