import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts'
import { type MailStore, openMailStore } from './mail-store.ts'
import { openMailbox } from './smtp.ts'

describe('the mailbox', () => {
  let database: TestPostgres
  let store: MailStore
  const troubles: unknown[] = []
  const open = (options: { maxBytes?: number } = {}) =>
    openMailbox({ host: '127.0.0.1', port: 0, store, onTrouble: (error) => troubles.push(error), ...options })

  beforeAll(async () => {
    database = await startTestPostgres()
    store = openMailStore(database.url, 2_000)
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await database.stop()
  })

  it('answers 250 after the mails are committed, and keeps each whole', async () => {
    const mailbox = await open()
    const transport = createTransport({
      host: '127.0.0.1',
      port: mailbox.port,
      pool: true,
      maxConnections: 8,
      maxMessages: 1e6,
    })
    const prisma = createPrisma(database.url)
    const sent = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        transport.sendMail({
          from: 'Lab <lab@example.com>',
          to: `ada${n}@example.com`,
          subject: `Grüße ${n}`,
          text: 'Hello',
          headers: { 'X-Faultline-Message': `message-${n}` },
        }),
      ),
    )
    expect(sent.every(({ response }) => response.startsWith('250'))).toBe(true)
    expect(await prisma.mail.count()).toBe(100)
    const mail = await prisma.mail.findFirstOrThrow({ where: { messageId: 'message-42' } })
    expect(mail).toMatchObject({ from: 'lab@example.com', to: 'ada42@example.com', subject: 'Grüße 42' })
    expect(mail.smtpMessageId).toBe(sent[42]?.messageId)
    expect(Buffer.from(mail.source).toString()).toContain('Hello')
    transport.close()
    await prisma.$disconnect()
    await mailbox.close()
  })

  it('answers 552 to a mail that is too large, and takes the next one', async () => {
    const mailbox = await open({ maxBytes: 4_096 })
    const transport = createTransport({ host: '127.0.0.1', port: mailbox.port })
    const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's' }
    await expect(transport.sendMail({ ...mail, text: 'x'.repeat(10_000) })).rejects.toMatchObject({ responseCode: 552 })
    await expect(transport.sendMail({ ...mail, text: 'x' })).resolves.toMatchObject({ accepted: ['b@example.com'] })
    await mailbox.close()
  })

  it('answers 451 while the database is away, and tells of it', async () => {
    const away = openMailStore('postgresql://nobody:x@127.0.0.1:1/none', 1_000)
    const mailbox = await openMailbox({
      host: '127.0.0.1',
      port: 0,
      store: away,
      onTrouble: (error) => troubles.push(error),
    })
    const transport = createTransport({ host: '127.0.0.1', port: mailbox.port })
    const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 'x' }
    await expect(transport.sendMail(mail)).rejects.toMatchObject({ responseCode: 451 })
    expect(troubles).toHaveLength(1)
    await mailbox.close()
    await away.close()
  })
})
