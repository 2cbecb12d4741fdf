import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts'
import { untilSomebodyWaits } from './lock.fixture.ts'
import { recordFrom } from './message.fixture.ts'
import { createStore, type Store } from './store.ts'
import type { Incoming } from './table-writer.ts'
import { tableWriters } from './table-writers.ts'

const writeOnce = fileURLToPath(new URL('./write-once.fixture.ts', import.meta.url))
let postgres: TestPostgres
let prisma: PrismaClient
let store: Store
let count = 0

const storeOn = (client: PrismaClient): Store =>
  createStore({ prisma: client, consumer: 'consumer-db', writers: tableWriters, random: () => 0.5 })
const nextId = (topic: string): string => {
  count += 1
  return `producer-1:1:${topic}:${count}`
}
/** A message of the moment after the one before. */
const message = (type: string, data: unknown, messageId = nextId(type)): Incoming =>
  recordFrom(type, data, messageId, new Date(Date.UTC(2026, 0, 1) + count).toISOString())
const signup = (email: string, name?: string): Incoming =>
  message('user_signup', name === undefined ? { email } : { email, name })
const order = (orderId: string, skus: string[]): Incoming =>
  message('order_placed', {
    orderId,
    email: 'lin@example.com',
    items: skus.map((sku, index) => ({ sku, qty: index + 1, price: 9.5 })),
    total: 19,
  })
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const failed = (results: unknown[]) => results.map((result) => (result instanceof Error ? result.name : 'ok'))

beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 4 })
  store = storeOn(prisma)
}, 120_000)
afterAll(async () => {
  await prisma.$disconnect()
  await postgres.stop()
})

test('each type becomes its row, and the inbox says which message wrote it', async () => {
  const messages: Incoming[] = [
    signup('ada@example.com', 'Ada'),
    order(uuid(1), ['KB-87', 'CB-02']),
    message('invoice', { amount: 12.5, note: 'naïve 🚀', nested: [null] }),
  ]
  const [user, placed, record] = messages
  expect(await store.write(messages)).toEqual([
    { kind: 'row', ref: 'users/ada@example.com' },
    { kind: 'row', ref: `orders/${uuid(1)}` },
    { kind: 'row', ref: `records/${record?.messageId}` },
  ])
  expect(await prisma.user.findUnique({ where: { email: 'ada@example.com' } })).toMatchObject({
    name: 'Ada',
    messageId: user?.messageId,
  })
  const stored = await prisma.order.findUnique({ where: { orderId: uuid(1) }, include: { items: true } })
  expect(stored).toMatchObject({ email: 'lin@example.com', total: 19, messageId: placed?.messageId })
  expect(stored?.items.map((item) => [item.position, item.sku, item.qty, item.price])).toEqual([
    [0, 'KB-87', 1, 9.5],
    [1, 'CB-02', 2, 9.5],
  ])
  expect((await prisma.record.findUnique({ where: { messageId: record?.messageId ?? '' } }))?.data).toEqual(
    record?.data,
  )
  const inbox = await prisma.inbox.findMany({
    where: { messageId: { in: messages.map((message) => message.messageId) } },
  })
  expect(inbox.map((row) => [row.consumer, row.effectTable, row.effectRef]).sort()).toEqual([
    ['consumer-db', 'orders', uuid(1)],
    ['consumer-db', 'records', record?.messageId],
    ['consumer-db', 'users', 'ada@example.com'],
  ])
})

test('a message delivered twice writes once, in one batch and in two', async () => {
  const twice = signup('twice@example.com', 'First')
  const [first, second] = await store.write([twice, twice])
  expect(first).toEqual({ kind: 'row', ref: 'users/twice@example.com' })
  expect(second).toEqual({ kind: 'row', ref: 'users/twice@example.com', suppressed: true })
  await store.write([signup('twice@example.com', 'Second')])
  expect(await store.write([twice])).toEqual([{ kind: 'row', ref: 'users/twice@example.com', suppressed: true }])
  expect((await prisma.user.findUnique({ where: { email: 'twice@example.com' } }))?.name).toBe('Second')
})

test('of several messages for one key, the last of the batch is kept', async () => {
  const results = await store.write([
    signup('same@example.com', 'A'),
    order(uuid(2), ['a', 'b', 'c']),
    signup('same@example.com', 'B'),
    order(uuid(2), ['d']),
    signup('same@example.com'),
  ])
  expect(failed(results)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
  expect(results.some((result) => !(result instanceof Error) && result.suppressed)).toBe(false)
  const items = await prisma.orderItem.findMany({ where: { orderId: uuid(2) } })
  expect(items.map((item) => item.sku)).toEqual(['d'])
})

test('an order that is placed again is replaced, items and all', async () => {
  await store.write([order(uuid(3), ['a', 'b', 'c'])])
  await store.write([order(uuid(3), ['x', 'y'])])
  const items = await prisma.orderItem.findMany({ where: { orderId: uuid(3) }, orderBy: { position: 'asc' } })
  expect(items.map((item) => item.sku)).toEqual(['x', 'y'])
})

test('one bad message in a batch fails alone', async () => {
  const batch = Array.from({ length: 40 }, (_, index) => signup(`batch-${index}@example.com`))
  batch[3] = message('user_signup', { email: 'no address' })
  batch[17] = signup('nul@example.com', 'a\u0000b')
  batch[18] = message('custom', { deep: [{ text: '\ud800' }] })
  // Beyond what an index of PostgreSQL can hold: only the database itself knows.
  batch[29] = message('custom', {}, `${nextId('custom')}${randomText(9_000)}`)
  const results = await store.write(batch)
  expect(failed(results)).toEqual(
    batch.map(
      (_, index) =>
        ({ 3: 'InvalidEventData', 17: 'UnstorableText', 18: 'UnstorableText', 29: 'DatabaseRefused' })[index] ?? 'ok',
    ),
  )
  expect(results[17]).toMatchObject({ message: expect.stringContaining('/name') })
  expect(await prisma.user.count({ where: { email: { startsWith: 'batch-' } } })).toBe(36)
})

test('duplicates that two replicas write at once are written once, whatever their order', async () => {
  const other = createPrisma(postgres.url, { max: 4 })
  const replicas = [store, storeOn(other)]
  for (let round = 0; round < 20; round += 1) {
    const messages = Array.from({ length: 60 }, (_, index) =>
      index % 2 === 0 ? signup(`race-${index % 10}@example.com`) : order(uuid(100 + (index % 10)), ['a', 'b']),
    )
    const shuffled = [messages, messages.toReversed(), [...messages.slice(30), ...messages.slice(0, 30)], messages]
    const results = await Promise.all(shuffled.map((batch, index) => replicas[index % 2]?.write(batch) ?? []))
    const effects = results.flat()
    expect(new Set(failed(effects))).toEqual(new Set(['ok']))
    expect(effects.filter((effect) => !(effect instanceof Error) && !effect.suppressed).length).toBe(60)
    const ids = messages.map(({ messageId }) => messageId)
    expect(await prisma.inbox.count({ where: { messageId: { in: ids } } })).toBe(60)
  }
  await other.$disconnect()
})

test('a writer that is killed in the middle of a batch leaves nothing half done', async () => {
  const blocker = createPrisma(postgres.url, { max: 1 })
  await store.write([order(uuid(900), ['old'])])
  const messages = [order(uuid(900), ['a', 'b'])]
  const id = messages[0]?.messageId ?? ''
  let child: ChildProcess | undefined
  await blocker.$transaction(
    async (transaction) => {
      // Holds the order's row, so that the writer waits between its inbox row and its effect.
      await transaction.$queryRaw`SELECT 1 FROM orders WHERE order_id = ${uuid(900)} FOR UPDATE`
      child = spawn(process.execPath, ['--import', 'tsx', writeOnce], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, DATABASE_URL: postgres.url, MESSAGES: JSON.stringify(messages) },
      })
      await untilSomebodyWaits(prisma)
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    { timeout: 60_000 },
  )
  expect(await prisma.inbox.count({ where: { messageId: id } })).toBe(0)
  expect(await store.write(messages)).toEqual([{ kind: 'row', ref: `orders/${uuid(900)}` }])
  expect((await prisma.orderItem.findMany({ where: { orderId: uuid(900) } })).length).toBe(2)
  await blocker.$disconnect()
})

test('a record keeps the digits of its numbers, and refuses what only looks short', async () => {
  const body = '{"id":820000000000000508,"neg":-7210194211959421178,"cent":0.10,"deep":[1e3,0.1234567890123456789]}'
  const exact = { ...message('free_form', JSON.parse(body)), body }
  const huge = { ...message('free_form', {}), body: '{"n":[1e131071]}' }
  expect(failed(await store.write([exact, huge]))).toEqual(['ok', 'InvalidEventData'])
  const rows = await prisma.$queryRaw<{ text: string }[]>`
    SELECT data::text AS text FROM records WHERE message_id = ${exact.messageId}`
  expect(rows[0]?.text).toContain('"id": 820000000000000508')
  expect(rows[0]?.text).toContain('"neg": -7210194211959421178')
  expect(rows[0]?.text).toContain('0.1234567890123456789')
})

test('an order whose numbers its columns would round is refused', async () => {
  const placed = order(uuid(950), ['a'])
  const withTotal = (total: string) => ({
    ...order(uuid(950), ['a']),
    body: placed.body.replace('"total":19', `"total":${total}`),
  })
  const results = await store.write([withTotal('820000000000000508'), withTotal('19.000'), withTotal('1.9e1')])
  expect(failed(results)).toEqual(['InvalidEventData', 'ok', 'ok'])
  expect(results[0]).toMatchObject({ message: expect.stringContaining('820000000000000508') })
})

test('data that is nested deeper than the database can read fails alone', async () => {
  const body = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  const deep = { ...message('free_form', {}), data: JSON.parse(body), body }
  expect(failed(await store.write([deep, signup('shallow@example.com')]))).toEqual(['UnstorableText', 'ok'])
})

test('a database that is gone fails the batch with an error that may be retried', async () => {
  const gone = createPrisma('postgresql://nobody@127.0.0.1:1/none', { max: 1 })
  const results = await storeOn(gone).write([signup('gone@example.com'), signup('gone2@example.com')])
  expect(failed(results)).toEqual(['DatabaseUnavailable', 'DatabaseUnavailable'])
  await gone.$disconnect()
})

/** Text that does not compress, so that PostgreSQL cannot make an index entry of it. */
function randomText(length: number): string {
  let state = 1
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return String.fromCharCode(97 + (state % 26))
  }).join('')
}
