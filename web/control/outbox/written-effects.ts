import type { OutboxRow } from '#contracts/api/outbox.ts'
import { ExactJson } from '#contracts/events/exact-json.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'

/** The part of an inbox row that says what was written. */
export interface WrittenEntry {
  messageId: string
  type: string
  effectTable: string
  effectRef: string
  processedAt: Date
}

/**
 * The rows behind inbox entries, in their order, with one query a table; the data of a record as `ExactJson`. A row that was deleted since, or a user that a later
 * event wrote again, is shown as it is now: `data` of a deleted row is empty.
 */
export async function readWrittenEffects(prisma: PrismaClient, entries: readonly WrittenEntry[]): Promise<OutboxRow[]> {
  const keys = (table: EffectTable): string[] => entries.filter(({ effectTable }) => effectTable === table).map(keyOf)
  const [users, orders, records, declared] = await Promise.all([
    many(keys('users'), (emails) => prisma.user.findMany({ where: { email: { in: emails } } })),
    many(keys('orders'), (ids) =>
      prisma.order.findMany({
        where: { orderId: { in: ids } },
        include: { items: { orderBy: { position: 'asc' }, select: { sku: true, qty: true, price: true } } },
      }),
    ),
    many(keys('records'), (ids) => readRecords(prisma, ids)),
    many(keys('table_rows'), (refs) => readTableRows(prisma, refs)),
  ])
  const data: Record<EffectTable, Map<string, Record<string, unknown>>> = {
    users: new Map(users.map((row) => [row.email, shown(row)])),
    orders: new Map(orders.map((row) => [row.orderId, shown(row)])),
    records: new Map(records.map((row) => [row.messageId, shown(row)])),
    table_rows: new Map(declared.map(({ ref, ...row }) => [ref, row])),
  }
  return entries.map((entry) => {
    const table = tableOf(entry.effectTable)
    return {
      messageId: entry.messageId,
      type: entry.type,
      table: table === 'table_rows' ? (keyOf(entry).split('/')[0] ?? table) : table,
      data: data[table].get(keyOf(entry)) ?? {},
      writtenAt: entry.processedAt.toISOString(),
    }
  })
}

const many = async <Row>(keys: string[], read: (keys: string[]) => Promise<Row[]>): Promise<Row[]> =>
  keys.length === 0 ? [] : read(keys)

/** Tables of the database that the inbox names. */
const effectTables = ['users', 'orders', 'records', 'table_rows'] as const
type EffectTable = (typeof effectTables)[number]

const tableOf = (name: string): EffectTable => effectTables.find((table) => table === name) ?? 'records'

/** Rows of tables that the lab file declares, by name and key; their columns as text for the digits of their numbers. */
async function readTableRows(prisma: PrismaClient, refs: string[]) {
  const rows = await prisma.$queryRaw<{ ref: string; messageId: string; text: string; updatedAt: Date }[]>`
    SELECT ref, message_id AS "messageId", columns::text AS text, updated_at AS "updatedAt"
    FROM table_rows WHERE ref = ANY(${refs}::text[])`
  return rows.map(({ ref, messageId, text, updatedAt }) => ({
    ...{ ref, columns: new ExactJson(text), messageId, updatedAt: updatedAt.toISOString() },
  }))
}

/** As text: the database keeps every digit of a number, and JavaScript has room for about 16. */
async function readRecords(prisma: PrismaClient, ids: string[]) {
  const rows = await prisma.$queryRaw<{ messageId: string; type: string; text: string; writtenAt: Date }[]>`
    SELECT message_id AS "messageId", type, data::text AS text, written_at AS "writtenAt"
    FROM records WHERE message_id = ANY(${ids}::text[])`
  return rows.map(({ messageId, type, text, writtenAt }) => ({
    ...{ messageId, type, data: new ExactJson(text), writtenAt },
  }))
}

/** `effectRef` is the key, or `table/key` as the effect of a delivery spells it. */
const keyOf = ({ effectTable, effectRef }: WrittenEntry): string =>
  effectRef.startsWith(`${effectTable}/`) ? effectRef.slice(effectTable.length + 1) : effectRef

/** A row as JSON: dates as RFC 3339. */
const shown = (row: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  )
