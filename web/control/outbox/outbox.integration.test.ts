import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outboxQuery } from '#contracts/api/outbox.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts'
import { createOutboxEmails, createWholeEmail } from './outbox-emails.ts'
import { createOutboxRows } from './outbox-rows.ts'

let postgres: TestPostgres
let prisma: PrismaClient

beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 3 })
})
afterAll(async () => {
  await prisma?.$disconnect()
  await postgres?.stop()
})

const source = (index: number) =>
  [
    'From: Faultline <lab@example.com>',
    `To: =?utf-8?q?Ad=C3=A1?= <ada${index}@example.com>`,
    `Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_${index}?=`,
    `Message-ID: <m${index}@faultline>`,
    'X-Faultline-Type: user_signup',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Hello ${index}`,
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<p>Hello ${index}</p>`,
    '--b--',
    '',
  ].join('\r\n')

const page = (change: object = {}) => ({ limit: 50, ...change })

describe('outbox e-mails', () => {
  it('are read as a reader sees them, paged without repeats, searched and counted', async () => {
    await prisma.mail.createMany({
      data: Array.from({ length: 120 }, (_, index) => ({
        messageId: `producer-1:1:user_signup:${index}`,
        smtpMessageId: `<m${index}@faultline>`,
        from: 'lab@example.com',
        to: `ada${index}@example.com`,
        subject: `Grüße ${index}`,
        source: Buffer.from(source(index)),
        receivedAt: new Date(Date.now() - (index < 60 ? 3_600_000 : 0)),
      })),
    })
    const emails = createOutboxEmails(prisma)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { items, nextCursor, total } = await emails(page({ cursor }))
      expect(total).toBe(120)
      seen.push(...items.map(({ messageId }) => messageId ?? ''))
      cursor = nextCursor
    } while (cursor !== undefined)
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => `producer-1:1:user_signup:${119 - index}`))

    const one = await emails(page({ messageId: 'producer-1:1:user_signup:7' }))
    expect(one.total).toBe(1)
    expect(one.items[0]).toMatchObject({
      to: '"Adá" <ada7@example.com>',
      subject: 'Grüße 7',
      text: expect.stringContaining('Hello 7'),
      html: expect.stringContaining('<p>Hello 7</p>'),
      headers: { 'X-Faultline-Type': 'user_signup', 'Message-ID': '<m7@faultline>' },
    })
    expect((await emails(page({ q: 'grüße 11' }))).total).toBe(11)
    expect((await emails(page({ q: '100%_\\' }))).total).toBe(0)
    await prisma.mail.create({
      data: { from: 'x@example.com', to: 'y@example.com', subject: '', source: Buffer.from('no mail at all') },
    })
    const after = await emails(page({ limit: 1 }))
    expect(after.total).toBe(121)
    expect(after.items[0]).not.toHaveProperty('messageId')
  })

  it('are listed by their beginning, however long they are, and read whole one by one', async () => {
    const body = `Hello\r\n${'long text '.repeat(200_000)}`
    const long = `Subject: Long\r\nFrom: lab@example.com\r\nTo: long@example.com\r\n\r\n${body}`
    await prisma.mail.createMany({
      data: Array.from({ length: 30 }, () => ({
        ...{ from: 'lab@example.com', to: 'long@example.com', subject: 'Long', source: Buffer.from(long) },
      })),
    })
    const { items, total } = await createOutboxEmails(prisma)(page({ q: 'long@example.com' }))
    expect([items.length, total]).toEqual([30, 30])
    expect(JSON.stringify(items).length).toBeLessThan(30 * 20_000)
    const [first] = items
    expect(first).toMatchObject({
      cut: true,
      bytes: long.length,
      subject: 'Long',
      text: expect.stringMatching(/^Hello/),
    })
    const whole = await createWholeEmail(prisma)(first?.position ?? '')
    expect(whole.text.length).toBeGreaterThan(1_900_000)
    expect(whole).not.toHaveProperty('cut')
    await prisma.mail.deleteMany({ where: { to: 'long@example.com' } })
  })

  it('say that there is no such mail', async () => {
    for (const position of ['999999999', 'x', '-1', '1\0'])
      await expect(createWholeEmail(prisma)(position)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('refuse text that the database cannot hold, and do not call the database away', async () => {
    for (const query of [{ q: 'a\0b' }, { messageId: '\0' }]) {
      expect(outboxQuery.safeParse(query).success).toBe(false)
      const found = createOutboxEmails(prisma)(page(query))
      await expect(found).rejects.toMatchObject({
        code: 'invalid_query',
        message: expect.not.stringContaining('prisma'),
      })
    }
  })

  it('refuse a cursor of another list', async () => {
    await expect(createOutboxEmails(prisma)(page({ cursor: 'x' }))).rejects.toMatchObject({ code: 'invalid_cursor' })
  })
})

describe('outbox rows', () => {
  it('join the inbox with what was written', async () => {
    const orderId = '4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8'
    await prisma.user.create({ data: { email: 'ada@example.com', name: 'Ada', messageId: 'p:1:user_signup:1' } })
    await prisma.order.create({
      data: {
        orderId,
        email: 'ada@example.com',
        total: 138,
        messageId: 'p:1:order_placed:1',
        items: {
          create: [
            { position: 1, sku: 'CB-02', qty: 2, price: 9.5 },
            { position: 0, sku: 'KB-87', qty: 1, price: 119 },
          ],
        },
      },
    })
    await prisma.record.create({ data: { messageId: 'p:1:invoice:1', type: 'invoice', data: { amount: 4 } } })
    await prisma.$executeRaw`UPDATE records SET data = '{"amount": 4, "id": 820000000000000508, "sum": 1.10}'`
    await prisma.tableRow.create({
      data: {
        ...{ ref: 'shipments/o-1', columns: { order_id: 'o-1' }, messageId: 'p:1:shipment_sent:1' },
        ...{ eventTime: new Date(0), eventEpoch: 1n, eventSeq: 1n },
      },
    })
    for (const [messageId, type, effectTable, effectRef] of [
      ['p:1:shipment_sent:1', 'shipment_sent', 'table_rows', 'shipments/o-1'],
      ['p:1:user_signup:1', 'user_signup', 'users', 'ada@example.com'],
      ['p:1:order_placed:1', 'order_placed', 'orders', orderId],
      ['p:1:invoice:1', 'invoice', 'records', 'records/p:1:invoice:1'],
    ] as const) {
      await prisma.inbox.create({ data: { messageId, type, effectTable, effectRef, consumer: 'consumer-db' } })
    }
    const rows = createOutboxRows(prisma)
    const { items, total } = await rows(page())
    expect(total).toBe(4)
    expect(items.map(({ table }) => table)).toEqual(['records', 'orders', 'users', 'shipments'])
    expect(JSON.parse(writeJson(items))[3].data).toMatchObject({ columns: { order_id: 'o-1' } })
    expect(JSON.parse(writeJson(items))[0].data).toMatchObject({ data: { amount: 4 } })
    expect(writeJson(items)).toMatch(/"data": ?{(?=.*"id": 820000000000000508)(?=.*"sum": 1\.10)/)
    expect(items[1]?.data).toMatchObject({
      orderId,
      total: 138,
      items: [{ sku: 'KB-87', qty: 1, price: 119 }, { sku: 'CB-02' }],
    })
    expect(items[2]).toMatchObject({
      messageId: 'p:1:user_signup:1',
      type: 'user_signup',
      data: { email: 'ada@example.com', name: 'Ada' },
    })
    expect((await rows(page({ limit: 2 }))).nextCursor).toBeTypeOf('string')
    expect((await rows(page({ messageId: 'p:1:invoice:1' }))).items).toHaveLength(1)
    expect((await rows(page({ q: 'ADA@' }))).total).toBe(1)
  })

  it('say so where the database is away', async () => {
    const away = createPrisma('postgres://nobody@127.0.0.1:1/none')
    await expect(createOutboxRows(away)(page())).rejects.toMatchObject({ code: 'database_down' })
    await away.$disconnect()
  })
})
