import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestPostgres, type TestPostgres } from '../test/postgres.ts'
import { createPrisma } from './client.ts'
import type { PrismaClient } from './generated/client.ts'
import { readMailHeads } from './mail-heads.ts'

let database: TestPostgres
let prisma: PrismaClient
beforeAll(async () => {
  database = await startTestPostgres()
  prisma = createPrisma(database.url)
}, 60_000)
afterAll(async () => {
  await prisma.$disconnect()
  await database.stop()
})

it('reads what a list shows and the size, never a body', async () => {
  const source = Buffer.concat([
    Buffer.from('Subject: Grüße\r\nTo: a@example.com\r\n\r\n'),
    Buffer.alloc(1_000_000, 0xff),
  ])
  const mail = { from: 'lab@example.com', to: 'a@example.com', subject: 'x'.repeat(50_000), source }
  await prisma.mail.createMany({ data: Array.from({ length: 30 }, (_, n) => ({ ...mail, messageId: `m${n}` })) })
  const all = await prisma.mail.findMany({ select: { position: true }, orderBy: { position: 'desc' } })
  const heads = await readMailHeads(prisma, [...all.map(({ position }) => position), 10_000n], 60)
  expect(heads.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 30 }, (_, n) => `m${29 - n}`))
  for (const { bytes, head, subject, receivedAt, smtpMessageId, to } of heads) {
    expect(bytes).toBe(source.length)
    expect(Buffer.from(head)).toEqual(source.subarray(0, 60))
    expect(subject.length).toBe(1_000)
    expect(receivedAt).toBeInstanceOf(Date)
    expect([smtpMessageId, to]).toEqual([null, 'a@example.com'])
  }
  expect(await readMailHeads(prisma, [])).toEqual([])
})
