import { connect } from 'node:net'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts'
import { type MailStore, openMailStore } from './mail-store.ts'
import { type MailboxOptions, openMailbox } from './smtp.ts'

describe('the mailbox', () => {
  let database: TestPostgres
  let store: MailStore
  const troubles: unknown[] = []
  const open = (options: Partial<MailboxOptions> = {}) =>
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

  it('holds as many large mails at a time as it may, and the others come after', async () => {
    const mailbox = await open({ maxLargeMails: 2 })
    const transport = createTransport({ host: '127.0.0.1', port: mailbox.port, pool: true, maxConnections: 12 })
    const mail = { from: 'a@example.com', to: 'large@example.com', subject: 's' }
    const sent = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        transport.sendMail({ ...mail, text: 'x'.repeat(n % 4 === 0 ? 10 : 400_000) }),
      ),
    )
    expect(sent.every(({ response }) => response.startsWith('250'))).toBe(true)
    const prisma = createPrisma(database.url)
    expect(await prisma.mail.count({ where: { to: 'large@example.com' } })).toBe(40)
    transport.close()
    await prisma.$disconnect()
    await mailbox.close()
  })

  it('gives up what a client dribbles, and lets the next large mail in', async () => {
    const mailbox = await open({ maxLargeMails: 1, receiveMs: 1_000 })
    const slow = connect(mailbox.port, '127.0.0.1')
    const answers: string[] = []
    slow.setEncoding('utf8').on('data', (text: string) => answers.push(text))
    const until = async (start: string) => {
      while (!answers.join('').includes(start)) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await until('220')
    slow.write('EHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n')
    await until('354')
    slow.write('x'.repeat(70).concat('\r\n').repeat(1_500))
    const transport = createTransport({ host: '127.0.0.1', port: mailbox.port })
    const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 'x'.repeat(200_000) }
    // It waits for the memory that the slow one holds, until that one's time is over.
    let accepted = false
    while (!accepted)
      accepted = await transport.sendMail(mail).then(
        () => true,
        () => false,
      )
    slow.write('\r\n.\r\n')
    await until('451 4.4.2')
    slow.destroy()
    await mailbox.close()
  })

  it('takes as many recipients as it may, and no command of any length', async () => {
    const mailbox = await open({ maxRecipients: 2 })
    const transport = createTransport({ host: '127.0.0.1', port: mailbox.port })
    const to = ['a@example.com', 'b@example.com', 'c@example.com']
    const sent = await transport.sendMail({ from: 'a@example.com', to, subject: 's', text: 'x' })
    expect([sent.accepted, sent.rejected]).toEqual([to.slice(0, 2), to.slice(2)])
    const client = connect(mailbox.port, '127.0.0.1')
    let said = ''
    client.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const closed = new Promise((resolve) => client.once('close', resolve))
    client.write(`EHLO ${'x'.repeat(10_000)}\r\n`)
    await closed
    expect(said).toContain('421 Error: Command line too long')
    await mailbox.close()
  })

  it('keeps names and addresses as they were sent, and no header spoils the mails beside its own', async () => {
    const mailbox = await open()
    const transport = createTransport({ host: '127.0.0.1', port: mailbox.port, pool: true })
    const send = (id: string, to: string, subject: string) =>
      transport.sendMail({
        envelope: { from: 'a@example.com', to },
        headers: { 'X-Faultline-Message': { prepared: true, value: id }, Subject: { prepared: true, value: subject } },
        text: 'x',
      })
    let noise = ''
    for (let n = 0; n < 400; n += 1) noise += (n * 7_919).toString(36)
    await Promise.all([
      send(noise.repeat(3), 'long@example.com', 'x'.repeat(5_000)),
      send('=?UTF-8?Q?=3D=3Futf-8=3FQ=3F=3D45vil=3F=3D?=', 'ada@xn--jgeva-dua.ee', '=?UTF-8?Q?=3D=3Fx?='),
      send('producer-1:1:t:1', 'beside@example.com', 'plain'),
    ])
    const prisma = createPrisma(database.url)
    const of = (to: string) => prisma.mail.findFirst({ where: { to } })
    expect(await of('beside@example.com')).toMatchObject({ messageId: 'producer-1:1:t:1', subject: 'plain' })
    expect(await of('ada@xn--jgeva-dua.ee')).toMatchObject({ messageId: '=?utf-8?Q?=45vil?=', subject: '=?x' })
    const long = await of('long@example.com')
    expect(long?.messageId).toBeNull()
    expect(long?.subject).toHaveLength(998)
    transport.close()
    await prisma.$disconnect()
    await mailbox.close()
  })

  it('answers 451 while the database is away, and reports it', async () => {
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
