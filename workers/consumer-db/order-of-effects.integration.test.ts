import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts'
import { untilSomebodyWaits } from './lock.fixture.ts'
import { recordFrom } from './message.fixture.ts'
import { createStore, type Store } from './store.ts'
import type { Incoming } from './table-writer.ts'
import { tableWriters } from './table-writers.ts'

let postgres: TestPostgres
let clients: PrismaClient[]
let prisma: PrismaClient
let replicas: Store[]

beforeAll(async () => {
  postgres = await startTestPostgres()
  clients = [createPrisma(postgres.url, { max: 2 }), createPrisma(postgres.url, { max: 2 }), createPrisma(postgres.url)]
  replicas = clients
    .slice(0, 2)
    .map((client) =>
      createStore({ prisma: client, consumer: 'consumer-db', writers: tableWriters, random: Math.random }),
    )
  prisma = clients[2] ?? createPrisma(postgres.url)
}, 120_000)
afterAll(async () => {
  for (const client of clients) await client.$disconnect()
  await postgres.stop()
})

const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString()
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const signup = (email: string, name: string | undefined, id: string, time: string): Incoming =>
  recordFrom(
    'user_signup',
    name === undefined ? { email } : { email, name },
    `${id.replace(':N:', ':user_signup:')}`,
    time,
  )
const order = (orderId: string, skus: string[], id: string, time: string): Incoming => {
  const items = skus.map((sku, index) => ({ sku, qty: index + 1, price: 2 }))
  const data = { orderId, email: 'lin@example.com', items, total: skus.length }
  return recordFrom('order_placed', data, id.replace(':N:', ':order_placed:'), time)
}
const write = (...messages: Incoming[]) => replicas[0]?.write(messages)
const user = (email: string) => prisma.user.findUnique({ where: { email } })
const items = async (orderId: string): Promise<string[]> =>
  (await prisma.orderItem.findMany({ where: { orderId }, orderBy: { position: 'asc' } })).map(({ sku }) => sku)

test('an older event leaves the newer row and its child rows, and is done', async () => {
  const ref = `orders/${uuid(1)}`
  await write(order(uuid(1), ['new-1', 'new-2'], 'producer-1:1:N:2', at(2)))
  const older = order(uuid(1), ['old-1', 'old-2', 'old-3'], 'producer-1:1:N:1', at(1))
  expect(await write(older)).toEqual([{ kind: 'row', ref, superseded: true }])
  expect(await items(uuid(1))).toEqual(['new-1', 'new-2'])
  expect(await prisma.order.findUnique({ where: { orderId: uuid(1) } })).toMatchObject({
    total: 2,
    messageId: 'producer-1:1:order_placed:2',
  })
  expect(await write(older)).toEqual([{ kind: 'row', ref, suppressed: true, superseded: true }])
  const entered = await prisma.inbox.findMany({ where: { effectRef: uuid(1) }, orderBy: { messageId: 'asc' } })
  expect(entered.map(({ superseded }) => superseded)).toEqual([true, false])
})

test('in one batch the newest event of a key is kept, whichever came last', async () => {
  const ref = 'users/batch@example.com'
  const results = await write(
    signup('batch@example.com', 'Second', 'producer-1:1:N:2', at(2)),
    signup('batch@example.com', 'Third', 'producer-1:1:N:3', at(3)),
    signup('batch@example.com', 'First', 'producer-1:1:N:1', at(1)),
  )
  const old = { kind: 'row', ref, superseded: true }
  expect(results).toEqual([old, { kind: 'row', ref }, old])
  expect(await user('batch@example.com')).toMatchObject({ name: 'Third', messageId: 'producer-1:1:user_signup:3' })
})

test.each([false, true])(
  'the newest event decides the whole row: one without a name leaves no name (it came first: %s)',
  async (first) => {
    const email = `bare-${first}@example.com`
    const seq = first ? 10 : 20
    const named = signup(email, 'Named', `producer-1:7:N:${seq}`, at(1))
    const bare = signup(email, undefined, `producer-1:7:N:${seq + 1}`, at(2))
    for (const message of first ? [bare, named] : [named, bare]) await write(message)
    expect(await user(email)).toMatchObject({ name: null, messageId: bare.messageId })
  },
)

test.each([
  ['the later epoch', 'producer-1:1:N:9', 'producer-1:2:N:1'],
  ['the later sequence, as a number', 'producer-1:3:N:9', 'producer-1:3:N:10'],
  ['of two producers, the one whose identity is greater', 'producer-1:4:N:5', 'producer-2:4:N:5'],
])('of events of one moment, %s is kept', async (_, loser, winner) => {
  for (const [index, ids] of [
    [loser, winner],
    [winner, loser],
  ].entries()) {
    const email = `tie-${index}-${winner.replaceAll(':', '-')}@example.com`
    for (const id of ids) await write(signup(email, id, id.replace(/(\d+)$/, `${index + 1}$1`), at(1)))
    expect((await user(email))?.name).toBe(winner)
  }
})

test('a row from before there was an order, and one of an event without a time, are overwritten', async () => {
  await prisma.user.create({ data: { email: 'before@example.com', name: 'Before', messageId: 'zzz' } })
  await write(signup('before@example.com', 'No time', 'producer-1:5:N:1', ''))
  expect((await user('before@example.com'))?.name).toBe('No time')
  await write(signup('before@example.com', 'Timed', 'producer-1:5:N:2', at(1)))
  await write(signup('before@example.com', 'No time again', 'producer-1:5:N:3', 'soon'))
  expect((await user('before@example.com'))?.name).toBe('Timed')
})

test('an event that a deadlock put off is compared with what was written meanwhile', async () => {
  const [first, second] = [uuid(21), uuid(22)]
  await write(order(first, ['a'], 'producer-1:6:N:1', at(1)), order(second, ['b'], 'producer-1:6:N:2', at(2)))
  const batch = [order(first, ['a2'], 'producer-1:6:N:3', at(3)), order(second, ['b2'], 'producer-1:6:N:4', at(4))]
  let results: ReturnType<Store['write']> | undefined
  await prisma.$transaction(
    async (other) => {
      // The other side of the deadlock is patient, so that PostgreSQL ends the store's transaction.
      await other.$executeRaw`SET LOCAL deadlock_timeout = '60s'`
      await other.$executeRaw`UPDATE orders SET event_time = '2030-01-01', message_id = 'newer' WHERE order_id = ${second}`
      results = replicas[0]?.write(batch)
      await untilSomebodyWaits(prisma)
      await other.$executeRaw`SELECT FROM orders WHERE order_id = ${first} FOR UPDATE`
    },
    { timeout: 60_000 },
  )
  expect(await results).toEqual([
    { kind: 'row', ref: `orders/${first}` },
    { kind: 'row', ref: `orders/${second}`, superseded: true },
  ])
  expect(await items(first)).toEqual(['a2'])
  expect(await items(second)).toEqual(['b'])
})

/** What an event has of its own in the property: a key of few, a time of few, so that keys and times meet. */
const eventArbitrary = fc.record({
  kind: fc.constantFrom('user_signup', 'order_placed'),
  key: fc.integer({ min: 0, max: 3 }),
  ms: fc.integer({ min: 0, max: 12 }),
  producer: fc.constantFrom('producer-1', 'producer-2'),
  epoch: fc.integer({ min: 1, max: 2 }),
  length: fc.integer({ min: 1, max: 4 }),
})

test('whatever the order of delivery over two replicas, each row is that of its newest event', async () => {
  let round = 0
  const property = fc.asyncProperty(
    fc.array(eventArbitrary, { minLength: 10, maxLength: 60 }),
    fc.infiniteStream(fc.nat()),
    async (events, random) => {
      round += 1
      const sent = events.map((event, index) => ({ ...event, seq: index + 1 + round * 1_000 }))
      const messages = sent.map((event) => {
        const id = `${event.producer}:${event.epoch}:N:${event.seq}`
        return event.kind === 'user_signup'
          ? signup(`r${round}-k${event.key}@example.com`, event.seq % 3 === 0 ? undefined : id, id, at(event.ms))
          : order(
              uuid(round * 100 + event.key),
              Array.from({ length: event.length }, (_, n) => `${id}#${n}`),
              id,
              at(event.ms),
            )
      })
      // Each message is delivered twice, in an order of chance, cut into batches of chance, over both replicas at once.
      const deliveries = [...messages, ...messages]
        .map((message) => ({ message, place: random.next().value ?? 0 }))
        .sort((a, b) => a.place - b.place)
        .map(({ message }) => message)
      const running: Promise<unknown[]>[] = []
      for (let from = 0; from < deliveries.length; ) {
        const size = 1 + ((random.next().value ?? 0) % 15)
        const replica = replicas[(random.next().value ?? 0) % 2]
        running.push(replica?.write(deliveries.slice(from, from + size)) ?? Promise.resolve([]))
        from += size
      }
      for (const result of (await Promise.all(running)).flat()) expect(result).not.toBeInstanceOf(Error)

      // An oracle of its own: the newest is found by a sort of plain tuples.
      const newest = new Map<string, (typeof sent)[number]>()
      const rank = (event: (typeof sent)[number]) =>
        [event.ms, event.epoch, event.seq].map((n) => String(n).padStart(9, '0')).join('/')
      for (const event of sent.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)))
        newest.set(`${event.kind}/${event.key}`, event)
      for (const event of newest.values()) {
        const id = `${event.producer}:${event.epoch}:${event.kind}:${event.seq}`
        const plain = `${event.producer}:${event.epoch}:N:${event.seq}`
        if (event.kind === 'user_signup') {
          const name = event.seq % 3 === 0 ? null : plain
          expect(await user(`r${round}-k${event.key}@example.com`)).toMatchObject({ messageId: id, name })
        } else {
          const orderId = uuid(round * 100 + event.key)
          expect(await prisma.order.findUnique({ where: { orderId } })).toMatchObject({
            messageId: id,
            total: event.length,
          })
          expect(await items(orderId)).toEqual(Array.from({ length: event.length }, (_, n) => `${plain}#${n}`))
        }
      }
      expect(
        await prisma.inbox.count({ where: { messageId: { in: messages.map(({ messageId }) => messageId) } } }),
      ).toBe(messages.length)
    },
  )
  await fc.assert(property, { numRuns: 20 })
}, 120_000)
