import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareRow, expectedRow, type StoredRow } from '#contracts/effects/declared/row-comparison.ts'
import { rowDeclarations, tableRows } from '#contracts/effects/declared/row-declarations.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { createPrisma } from '#prisma/client.ts'
import { Prisma, type PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts'
import { createStore, type Store } from './store.ts'
import type { Incoming } from './table-writer.ts'
import { tableWriters } from './table-writers.ts'

let postgres: TestPostgres
let prisma: PrismaClient
let store: Store

beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 2 })
  store = createStore({ prisma, consumer: 'consumer-db', writers: tableWriters, random: Math.random })
}, 120_000)
afterAll(async () => {
  await prisma.$disconnect()
  await postgres.stop()
})

let count = 0
function message(type: string, body: string): Incoming & { id: string } {
  count += 1
  const id = `producer-1:1:${type}:${count}`
  const time = new Date(Date.UTC(2026, 0, 1) + count).toISOString()
  return { id, messageId: id, type, time, body, data: JSON.parse(body) }
}

/** The row under the key of an event, and its child rows, as a check with no part of the writer in it reads them. */
async function stored(event: Incoming & { id: string }): Promise<StoredRow | undefined> {
  const expected = expectedRow(event)
  if (expected === undefined) return undefined
  const { table, keyColumn, key, children } = expected
  const read = (from: string) => prisma.$queryRaw<{ json: string }[]>`
    SELECT to_jsonb(found)::text AS json FROM ${Prisma.raw(from)} AS found WHERE ${Prisma.raw(keyColumn)} = ${key}`
  const [row] = await read(table)
  if (row === undefined) return undefined
  const childRows: StoredRow['children'] = {}
  for (const child of Object.keys(children))
    childRows[child] = `[${(await read(child)).map(({ json }) => json).join()}]`
  return { table, row: row.json, children: childRows }
}

const order = (items: string) =>
  message(
    'order_placed',
    `{"orderId":"${crypto.randomUUID()}","email":"l@example.com","items":[${items}],"total":138.50}`,
  )

test('every writer has its declaration, of the same table', () => {
  const tables = (of: Record<string, { table: string }>) => Object.entries(of).map(([type, { table }]) => [type, table])
  const { '*table': ofLabFile, ...others } = tableWriters
  expect(tables(rowDeclarations)).toEqual(tables(others))
  expect(ofLabFile?.table).toBe(tableRows.table)
})

test('what is written is what is declared, for every built-in type and any other', async () => {
  const messages = [
    ...builtInEventTypes.map(({ name, example }) => message(name, JSON.stringify(example))),
    message('user_signup', '{"email":"bare@example.com"}'),
    order(Array.from({ length: 100 }, (_, n) => `{"sku":"naïve 🚀 ${n}","qty":${n + 1},"price":0.1}`).join()),
    message('free_form', '{"id":820000000000000508,"cent":0.10,"e":1E-7,"deep":[[{"\\u00fc":null}]],"s":"\\u2028"}'),
    message('free_form', '"text alone"'),
    message('free_form', 'null'),
    // Of another lab: it only has the name of a built-in type.
    { ...message('order_placed', '{"orderId":4711}'), isGeneric: true },
  ]
  for (const result of await store.write(messages)) expect(result).not.toBeInstanceOf(Error)
  for (const event of messages) expect(compareRow(event, await stored(event))).toEqual([])
})

const shipments = {
  ...{ name: 'shipments', key: 'order_id' },
  columns: { order_id: 'data.orderId', weight: 'data.parcel.weight', parcel: 'data.parcel', event: 'id', kind: 'type' },
}
const shipment = (body: string) => ({ ...message('shipment_sent', body), isGeneric: true, table: shipments })

test('a table of the lab file gets its columns with every digit, and null where the data has nothing', async () => {
  const messages = [
    shipment('{"orderId":"o-1","parcel":{"weight":820000000000000508.10,"to":"ü"}}'),
    shipment('{"orderId":"o-2"}'),
    shipment('{"orderId":"o-3","parcel":null}'),
  ]
  expect(await store.write(messages)).toEqual(
    ['o-1', 'o-2', 'o-3'].map((order) => ({ kind: 'row', ref: `shipments/${order}` })),
  )
  for (const event of messages) expect(compareRow(event, await stored(event))).toEqual([])
  const [, second] = await prisma.$queryRaw<{ columns: string }[]>`
    SELECT columns::text FROM table_rows ORDER BY ref`
  expect(JSON.parse(second?.columns ?? '')).toEqual({
    ...{ order_id: 'o-2', weight: null, parcel: null, event: messages[1]?.id, kind: 'shipment_sent' },
  })
})

test('a batch of wide tables of large events is written whole', async () => {
  const names = Array.from({ length: 100 }, (_, n) => `c${n}`)
  const columns = { order_id: 'data.orderId', ...Object.fromEntries(names.map((name) => [name, `data.${name}`])) }
  const parts = Array.from({ length: 1_500 }, (_, n) => ({ sku: `KB-${n}`, qty: n, price: 1.5 }))
  const bodyOf = (n: number): string =>
    JSON.stringify({
      orderId: `wide-${n}`,
      ...Object.fromEntries(names.map((name) => [name, `${name} of ${n}`])),
      parts,
    })
  const messages = Array.from({ length: 50 }, (_, n) => ({
    ...shipment(bodyOf(n)),
    table: { name: 'wide', key: 'order_id', columns },
  }))
  expect(await store.write(messages)).toEqual(messages.map((_, n) => ({ kind: 'row', ref: `wide/wide-${n}` })))
  for (const event of [messages[0], messages[49]]) expect(event && compareRow(event, await stored(event))).toEqual([])
})

test('the newest event of a key writes its row, in whatever order events come, and a second delivery writes nothing', async () => {
  const [older, newer] = [shipment('{"orderId":"o-9","parcel":1}'), shipment('{"orderId":"o-9","parcel":2}')]
  await store.write([newer])
  expect(await store.write([older, newer])).toEqual([
    { kind: 'row', ref: 'shipments/o-9', superseded: true },
    { kind: 'row', ref: 'shipments/o-9', suppressed: true },
  ])
  expect(compareRow(newer, await stored(newer))).toEqual([])
  expect(compareRow(older, await stored(older)).map(({ field }) => field)).toContain('table_rows.message_id')
})

test.each(['{"orderId":7}', '{}', '"text"', 'null'])('%s has no row, since its key is not text', async (body) => {
  const event = shipment(body)
  expect(await store.write([event])).toEqual([
    expect.objectContaining({ name: 'InvalidEventData', message: expect.stringContaining('no text at data.orderId') }),
  ])
  expect(expectedRow(event)).toBeUndefined()
})

test('what somebody changes in the database is named', async () => {
  const event = order('{"sku":"a","qty":1,"price":2},{"sku":"b","qty":3,"price":4}')
  await store.write([event])
  const changes: [Prisma.Sql, string[]][] = [
    [Prisma.sql`UPDATE orders SET email = order_id WHERE message_id = ${event.id}`, ['orders.email']],
    [
      Prisma.sql`UPDATE order_items SET qty = price, price = qty WHERE sku = 'a'`,
      ['order_items[0].qty', 'order_items[0].price'],
    ],
    [Prisma.sql`DELETE FROM order_items WHERE sku = 'b'`, ['order_items']],
  ]
  const seen = new Set<string>()
  for (const [sql, fields] of changes) {
    await prisma.$executeRaw(sql)
    for (const field of fields) seen.add(field)
    expect(new Set(compareRow(event, await stored(event)).map(({ field }) => field))).toEqual(seen)
  }
  await prisma.$executeRaw`DELETE FROM orders WHERE message_id = ${event.id}`
  expect(compareRow(event, await stored(event)).map(({ field }) => field)).toEqual(['row'])
})
