import pg from 'pg'
import { formatIdentity } from '#contracts/events/identity.ts'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { createPrisma } from '#prisma/client.ts'
import { createStore } from '#workers/consumer-db/store.ts'
import type { Incoming } from '#workers/consumer-db/table-writer.ts'
import { tableWriters } from '#workers/consumer-db/table-writers.ts'
import type { BenchContext } from '../context.ts'
import { interleaved } from '../statistics.ts'

const consumer = 'bench-rows'
/** As many as consumer-db takes together at most. */
const batchSize = 200

const { items } = orderPlaced.example

/** Orders that nobody has written yet, as the store is given them. */
function orders(epoch: number, count: number): Incoming[] {
  return Array.from({ length: count }, (_, index) => {
    const orderId = crypto.randomUUID()
    const data = { ...orderPlaced.example, orderId }
    return {
      messageId: formatIdentity({ producer: 'bench-rows', epoch, topic: 'orders', seq: index + 1 }),
      ...{ type: orderPlaced.name, time: new Date().toISOString(), data, body: JSON.stringify(data) },
    }
  })
}

function batchesOf<Item>(all: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(all.length / batchSize) }, (_, index) =>
    all.slice(index * batchSize, (index + 1) * batchSize),
  )
}

/** The same rows and nothing else: two statements of many rows in one transaction. */
async function insert(client: pg.Client, batch: readonly Incoming[]): Promise<void> {
  const placed = batch.map(({ data, messageId }) => ({ ...(data as typeof orderPlaced.example), messageId }))
  const lines = placed.flatMap(({ orderId }) => items.map((item, position) => ({ ...item, position, orderId })))
  await client.query('BEGIN')
  await client.query({
    name: 'orders',
    text: `INSERT INTO orders (order_id, email, total, message_id)
           SELECT * FROM unnest($1::text[], $2::text[], $3::float8[], $4::text[])`,
    values: [
      placed.map(({ orderId }) => orderId),
      placed.map(({ email }) => email),
      placed.map(({ total }) => total),
      placed.map(({ messageId }) => messageId),
    ],
  })
  await client.query({
    name: 'items',
    text: `INSERT INTO order_items (order_id, position, sku, qty, price)
           SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::float8[])`,
    values: [
      lines.map(({ orderId }) => orderId),
      lines.map(({ position }) => position),
      lines.map(({ sku }) => sku),
      lines.map(({ qty }) => qty),
      lines.map(({ price }) => price),
    ],
  })
  await client.query('COMMIT')
}

/**
 * Rows a second that consumer-db's store writes, orders, items and inbox, with its guard on the order of events, against two multi-row
 * inserts by `pg` that write the same orders and items; one connection each, batches of 200, into the lab's database. PostgreSQL says how
 * many rows are there.
 */
export async function rowsWritten({ repetitions, count }: BenchContext, databaseUrl: string) {
  const prisma = createPrisma(databaseUrl, { max: 1 })
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const store = createStore({ prisma, consumer, writers: tableWriters, random: Math.random })
  let epoch = Math.floor(Date.now() / 1_000)
  const rateOf = async (rowsOfOrder: number, write: (batch: Incoming[]) => Promise<void>): Promise<number> => {
    epoch += 1
    const all = orders(epoch, count)
    const began = performance.now()
    for (const batch of batchesOf(all)) await write(batch)
    const seconds = (performance.now() - began) / 1_000
    const { rows } = await client.query(
      `SELECT (SELECT count(*) FROM orders WHERE message_id = ANY ($1::text[]))
            + (SELECT count(*) FROM orders JOIN order_items USING (order_id) WHERE message_id = ANY ($1::text[]))
            + (SELECT count(*) FROM inbox WHERE consumer = $2 AND message_id = ANY ($1::text[])) AS written`,
      [all.map(({ messageId }) => messageId), consumer],
    )
    const [{ written } = { written: 0 }] = rows as { written: string }[]
    if (Number(written) !== count * rowsOfOrder)
      throw new Error(`void: ${written} rows of ${count} orders, ${rowsOfOrder} each`)
    return Number(written) / seconds
  }
  try {
    const { first, second, ratio } = await interleaved(
      repetitions,
      () =>
        rateOf(2 + items.length, async (batch) => {
          const failed = (await store.write(batch)).find((result) => result instanceof Error)
          if (failed) throw failed
        }),
      () => rateOf(1 + items.length, (batch) => insert(client, batch)),
    )
    return { unit: 'rows a second', store: first, multiRowInsert: second, ratio, orders: count }
  } finally {
    await client.end()
    await prisma.$disconnect()
  }
}
