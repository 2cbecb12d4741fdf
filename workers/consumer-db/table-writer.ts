import type { Prisma } from '#prisma/generated/client.ts'

/** A message as the store sees it. */
export interface Incoming {
  messageId: string
  type: string
  data: unknown
}

/** A row that a message asks for: where it goes, under which key, and what is in it. */
export interface Write<Row = unknown> {
  messageId: string
  type: string
  /** Key in the writer's table: the effect is `table/key`. */
  key: string
  row: Row
}

/** The part of a transaction that writers use. */
export type Transaction = Pick<Prisma.TransactionClient, '$executeRaw' | '$queryRaw'>

/** How events of one kind become rows. A new kind is one file with one of these, and one line in `table-writers.ts`. */
export interface TableWriter<Row = unknown> {
  /** Table of the effect, as `GET /api/outbox/rows` names it. */
  table: 'users' | 'orders' | 'records'
  /** The row of a message. Throws `InvalidEventData` where the data is not what the type says. */
  plan(message: Incoming): { key: string; row: Row }
  /**
   * Writes the rows of new messages, in the order in which they came. Called within a transaction. Locks rows in the order
   * of their keys, so that two replicas never wait for each other.
   */
  write(transaction: Transaction, writes: readonly Write<Row>[]): Promise<void>
}

/** The last write of each key, ordered by key. */
export function lastOfEachKey<Row>(writes: readonly Write<Row>[]): Write<Row>[] {
  const last = new Map(writes.map((write) => [write.key, write]))
  return [...last.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}
