import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts'
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
const signup = (email: string, name?: string): Incoming => ({
  messageId: nextId('user_signup'),
  type: 'user_signup',
  data: name === undefined ? { email } : { email, name },
})
const order = (orderId: string, skus: string[]): Incoming => ({
  messageId: nextId('order_placed'),
  type: 'order_placed',
  data: {
    orderId,
    email: 'lin@example.com',
    items: skus.map((sku, index) => ({ sku, qty: index + 1, price: 9.5 })),
    total: 19,
  },
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
    { messageId: nextId('invoice'), type: 'invoice', data: { amount: 12.5, note: 'naïve 🚀', nested: [null] } },
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
  const message = signup('twice@example.com', 'First')
  const [first, second] = await store.write([message, message])
  expect(first).toEqual({ kind: 'row', ref: 'users/twice@example.com' })
  expect(second).toEqual({ kind: 'row', ref: 'users/twice@example.com', suppressed: true })
  await store.write([signup('twice@example.com', 'Second')])
  expect(await store.write([message])).toEqual([{ kind: 'row', ref: 'users/twice@example.com', suppressed: true }])
  expect((await prisma.user.findUnique({ where: { email: 'twice@example.com' } }))?.name).toBe('Second')
})

test('of several messages for one key, the last of the batch stands', async () => {
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
  batch[3] = { messageId: nextId('user_signup'), type: 'user_signup', data: { email: 'no address' } }
  batch[17] = signup('nul@example.com', 'a\u0000b')
  batch[18] = { messageId: nextId('custom'), type: 'custom', data: { deep: [{ text: '\ud800' }] } }
  // Beyond what an index of PostgreSQL can hold: only the database itself knows.
  batch[29] = { messageId: `${nextId('custom')}${randomText(9_000)}`, type: 'custom', data: {} }
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
    const ids = messages.map((message) => message.messageId)
    expect(await prisma.inbox.count({ where: { messageId: { in: ids } } })).toBe(60)
  }
  await other.$disconnect()
})

test('a writer that is killed in the middle of a batch leaves nothing half done', async () => {
  const blocker = createPrisma(postgres.url, { max: 1 })
  const id = nextId('order_placed')
  const messages = [{ ...order(uuid(900), ['a', 'b']), messageId: id }]
  await store.write([order(uuid(900), ['old'])])
  let child: ChildProcess | undefined
  await blocker.$transaction(
    async (transaction) => {
      // Holds the order's row, so that the writer stands still between its inbox row and its effect.
      await transaction.$queryRaw`SELECT 1 FROM orders WHERE order_id = ${uuid(900)} FOR UPDATE`
      child = spawn(process.execPath, ['--import', 'tsx', writeOnce], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, DATABASE_URL: postgres.url, MESSAGES: JSON.stringify(messages) },
      })
      await waitForLock()
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

test('a database that is gone fails the batch with an error that may be retried', async () => {
  const gone = createPrisma('postgresql://nobody@127.0.0.1:1/none', { max: 1 })
  const results = await storeOn(gone).write([signup('gone@example.com'), signup('gone2@example.com')])
  expect(failed(results)).toEqual(['DatabaseUnavailable', 'DatabaseUnavailable'])
  await gone.$disconnect()
})

async function waitForLock(): Promise<void> {
  for (;;) {
    const waiting = await prisma.$queryRaw<
      unknown[]
    >`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
    if (waiting.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Text that does not compress, so that PostgreSQL cannot make an index entry of it. */
function randomText(length: number): string {
  let state = 1
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return String.fromCharCode(97 + (state % 26))
  }).join('')
}
