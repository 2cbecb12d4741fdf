import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../../../test/postgres.ts'
import type { ContentSources } from './compare-contents.ts'
import { group, openContentLab } from './content-lab.fixture.ts'

let postgres: TestPostgres
let prisma: PrismaClient

beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 2 })
}, 120_000)
afterAll(async () => {
  await prisma.$disconnect()
  await postgres.stop()
})
beforeEach(async () => {
  await prisma.$executeRaw`TRUNCATE users, orders, order_items, records, table_rows, inbox, mails, event_types`
})

const contents = (more?: Partial<ContentSources>) => openContentLab(prisma, more)

const signup = (name: string) => ({ email: 'ada@example.com', name })
const inUsers = { table: 'users', key: 'ada@example.com' }
const user = (messageId: string, name: string) =>
  prisma.user.create({ data: { email: 'ada@example.com', name, messageId } })
const order = {
  orderId: 'o-1',
  email: 'lin@example.com',
  items: [
    { sku: 'KB', qty: 1, price: 119 },
    { sku: 'CB', qty: 2, price: 9.5 },
  ],
  total: 138,
}
const inOrders = { table: 'orders', key: 'o-1' }
const items = order.items.map((item, position) => ({ ...item, position }))

test('rows that say what their events say are compared and have no finding', async () => {
  const { delivered, look } = contents()
  const messageId = await delivered('order_placed', order, inOrders)
  await prisma.order.create({
    data: { orderId: 'o-1', email: order.email, total: 138, messageId, items: { create: items } },
  })
  const record = await delivered('invoice', { big: '1' }, { table: 'records', key: 'producer-1:1:invoice:1' })
  await prisma.record.create({ data: { messageId: record, type: 'invoice', data: { big: '1' } } })
  const { found, groups, anomalies } = await look()
  expect({ found, anomalies }).toEqual({ found: [], anomalies: [] })
  expect(groups).toEqual([{ group, compared: 2, notCompared: 0 }])
})

test('a row of a table that the lab file declares is compared by its columns, and one that differs is named', async () => {
  const columns = { order_id: 'data.orderId', total: 'data.total' }
  const table = { name: 'bills', key: 'order_id', columns }
  const looks = new Map([['invoice', { isGeneric: true, template: undefined, since: 0, table }]])
  const { delivered, look } = contents({ looks: () => looks })
  const place = { table: 'table_rows', key: 'bills/o-1' }
  const messageId = await delivered('invoice', { orderId: 'o-1', total: 4 }, place)
  const written = { ref: 'bills/o-1', columns: { order_id: 'o-1', total: 4 }, messageId }
  await prisma.tableRow.create({
    data: { ...written, eventTime: new Date(0), eventEpoch: 1n, eventSeq: 1n },
  })
  expect((await look()).found).toEqual([])
  await prisma.tableRow.update({ where: { ref: 'bills/o-1' }, data: { columns: { order_id: 'o-1', total: 5 } } })
  expect((await look()).found).toMatchObject([
    {
      ...{ kind: 'effect_differs', samples: [messageId] },
      differences: [
        {
          ...{ id: messageId, field: 'table_rows.columns' },
          ...{ expected: '{"order_id":"o-1","total":4}', actual: '{"total":5,"order_id":"o-1"}' },
        },
      ],
    },
  ])
})

test('L45 L48 columns and child rows that differ are named with both values, and counted once whoever looks again', async () => {
  const { delivered, look } = contents()
  const messageId = await delivered('order_placed', order, inOrders)
  await prisma.order.create({
    data: { orderId: 'o-1', email: 'eve@evil.example', total: 138, messageId, items: { create: items.slice(0, 1) } },
  })
  const first = await look()
  expect(first.found).toMatchObject([
    {
      ...{ kind: 'effect_differs', weight: 'fail', group, count: 1, samples: [messageId] },
      detail: expect.stringContaining('orders.email, order_items'),
      differences: [
        { id: messageId, field: 'orders.email', expected: 'lin@example.com', actual: 'eve@evil.example' },
        { id: messageId, field: 'order_items', expected: '2 rows', actual: '1 row' },
      ],
    },
  ])
  expect((await look()).anomalies).toMatchObject([
    { name: 'effect_differs', count: 1, failing: 1, samples: [messageId] },
  ])
})

test('a row that was written to another place is found by the inbox', async () => {
  const { delivered, look } = contents()
  const messageId = await delivered('order_placed', order, { table: 'orders', key: 'lin@example.com' })
  await prisma.order.create({
    data: { orderId: 'lin@example.com', email: 'o-1', total: 138, messageId, items: { create: items } },
  })
  expect((await look()).found).toMatchObject([
    {
      kind: 'effect_differs',
      samples: [messageId],
      differences: [{ field: 'orders.order_id' }, { field: 'orders.email' }, {}, {}],
    },
  ])
})

test('L46 of several events of a key the row has to be of the newest', async () => {
  const { delivered, look } = contents()
  const old = await delivered('user_signup', signup('old'), inUsers)
  const newest = await delivered('user_signup', signup('new'), inUsers)
  await user(newest, 'new')
  expect((await look()).found).toEqual([])
  await prisma.user.updateMany({ data: { messageId: old, name: 'old' } })
  const { found, anomalies } = await look()
  expect(found).toMatchObject([
    { kind: 'stale_effect', weight: 'fail', group, samples: [old], differences: [{ expected: newest, actual: old }] },
  ])
  expect(anomalies).toMatchObject([{ name: 'stale_effect', count: 1, samples: [old] }])
})

test('the row of the newest event has to say what that one says', async () => {
  const { delivered, look } = contents()
  await delivered('user_signup', signup('old'), inUsers)
  const newest = await delivered('user_signup', signup('new'), inUsers)
  await user(newest, 'old')
  expect((await look()).found).toMatchObject([
    {
      kind: 'effect_differs',
      samples: [newest],
      differences: [{ field: 'users.name', expected: 'new', actual: 'old' }],
    },
  ])
})

test('a row that nobody of the lab wrote is named with the message whose row it should be', async () => {
  const { delivered, look } = contents()
  const id = await delivered('user_signup', signup('new'), inUsers)
  await user('somebody', 'new')
  expect((await look()).found).toMatchObject([
    { kind: 'effect_differs', samples: [id], differences: [{ field: 'users.message_id' }] },
  ])
})

test('L45 what a redrive with edited data explains is listed and not counted', async () => {
  const { delivered, edited, look } = contents()
  const id = await delivered('user_signup', signup('wrong'), inUsers)
  edited.set(id, [JSON.stringify(signup('right'))])
  await user(id, 'right')
  const { found, anomalies } = await look()
  expect(found).toMatchObject([{ kind: 'effect_explained', weight: 'note', samples: [id] }])
  expect(anomalies).toEqual([])
})

test('messages of which no data is kept are counted, until one was looked at before', async () => {
  const { context, delivered, look } = contents()
  const forget = (id: string): void => {
    const found = context.ledger.find(id)
    const journey = found && context.traces.get(found.sequence, found.seq)
    if (journey) context.traces.drop(journey)
  }
  const id = await delivered('user_signup', signup('a'), inUsers)
  await user(id, 'a')
  await look()
  forget(id)
  expect((await look()).groups).toEqual([{ group, compared: 1, notCompared: 0 }])
  forget(await delivered('invoice', {}, { table: 'records', key: 'producer-1:1:invoice:1' }))
  const { found, groups } = await look()
  expect(groups).toEqual([{ group, compared: 1, notCompared: 1 }])
  expect(found).toMatchObject([{ kind: 'content_not_compared', weight: 'doubt', count: 1 }])
})

const letter = (to: string, subject = 'Welcome, Ada') =>
  [
    'From: Faultline <lab@example.com>',
    `To: Ada <${to}>`,
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Welcome, Ada!',
    '',
    'Your account for ada@example.com is ready.',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<title>Welcome, Ada</title><h1>Welcome, Ada</h1><p>Your account for <b>ada@ex=',
    "ample.com</b> is ready.</p><p>Sent by Faultline's consumer-email.</p>",
    '--b--',
    '',
  ].join('\r\n')
const mail = (messageId: string, to: string, source = letter(to)) =>
  prisma.mail.create({ data: { messageId, from: 'lab@example.com', to, subject: '', source: Buffer.from(source) } })

test('mails are compared with their events: who got them, and what they say', async () => {
  const { delivered, look } = contents()
  const right = await delivered('user_signup', signup('Ada'))
  const wrong = await delivered('user_signup', signup('Ada'))
  const altered = await delivered('user_signup', signup('Ada'))
  await mail(right, 'ada@example.com')
  await mail(wrong, 'eve@evil.example')
  await mail(altered, 'ada@example.com', letter('ada@example.com', '=?utf-8?Q?Good=62ye?='))
  const { found, groups } = await look('consumer-email')
  expect(groups).toEqual([{ group: 'consumer-email', compared: 3, notCompared: 0 }])
  expect(found).toMatchObject([
    {
      kind: 'effect_differs',
      samples: [wrong],
      differences: [{ field: 'recipient', expected: 'ada@example.com', actual: 'eve@evil.example' }, { field: 'to' }],
    },
    {
      kind: 'effect_differs',
      samples: [altered],
      differences: [{ field: 'subject', expected: 'Welcome, Ada', actual: 'Goodbye' }],
    },
  ])
})

test('a letter by a template that was changed since is not compared', async () => {
  const { delivered, look } = contents()
  const id = await delivered('greeting', { name: 'Ada' })
  await prisma.mail.create({
    data: {
      messageId: id,
      from: 'a@b.cc',
      to: 'events@example.com',
      subject: '',
      source: Buffer.from(letter('x@y.zz')),
    },
  })
  await prisma.eventType.create({ data: { name: 'greeting', topic: 'greeting', schema: {}, example: {} } })
  const { found, groups } = await look('consumer-email')
  expect(groups).toEqual([{ group: 'consumer-email', compared: 0, notCompared: 1 }])
  expect(found).toMatchObject([{ kind: 'content_not_compared' }])
})
