import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { pino } from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'
import { emailHandlers } from './handlers.ts'
import { createMailer, type Mailer } from './mailer.ts'

interface Received {
  from: string
  to: string[]
  source: string
  mail: ParsedMail
}

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A real SMTP server; `answer` may refuse a recipient with a reply code. */
async function mailServer(answer: (recipient: string) => number = () => 250) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 50,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      const responseCode = answer(address)
      done(responseCode === 250 ? null : Object.assign(new Error('not now'), { responseCode }))
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const source = Buffer.concat(chunks).toString('utf8')
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        received.push({
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          source,
          mail: await simpleParser(source),
        })
        done()
      })
    },
  })
  // A client that goes away is no failure of the server.
  server.on('error', (error) => expect(error).toBeInstanceOf(Error))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  closing.push(close)
  return { received, close, url: `smtp://127.0.0.1:${port}` }
}

function mailerOn(url: string): Mailer {
  const mailer = createMailer(url)
  closing.push(() => mailer.close())
  return mailer
}

function event(type: string, data: unknown, over: Partial<HandledEvent> = {}): HandledEvent {
  const id = `producer-1:3:${type}:42`
  const envelope = { id, type, topic: type, time: '', traceparent: '', version: 1, body: JSON.stringify(data) }
  return {
    id,
    type,
    data,
    envelope,
    attempt: 2,
    receiveCount: 2,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    say: () => undefined,
    acted: () => undefined,
    ...over,
  }
}

test('each built-in type is mailed as text and HTML, with stable and traceable headers', async () => {
  const { received, url } = await mailServer()
  const handlers = emailHandlers(mailerOn(url))
  for (const { name, example } of builtInEventTypes) {
    const effect = await handlers[name]?.(event(name, example))
    expect(effect).toEqual({ kind: 'email', ref: `<producer-1.3.${name}.42@faultline>` })
  }
  expect(received.map(({ to }) => to)).toEqual([
    ['ada@example.com'],
    ['lin.okafor@example.com'],
    ['orders@example.com'],
  ])
  for (const [index, { mail, from }] of received.entries()) {
    const name = builtInEventTypes[index]?.name
    expect(from).toBe('faultline@example.com')
    expect(mail.messageId).toBe(`<producer-1.3.${name}.42@faultline>`)
    expect(mail.headers.get('x-faultline-message')).toBe(`producer-1:3:${name}:42`)
    expect(mail.headers.get('x-faultline-type')).toBe(name)
    expect(mail.headers.get('x-faultline-attempt')).toBe('2')
    expect(JSON.stringify(mail.headers.get('list'))).toContain('faultline')
    expect(mail.text).toBeTruthy()
    expect(mail.html).toContain('<!doctype html>')
  }
  expect(received[0]?.mail.subject).toBe('Welcome, Ada Lovelace')
  expect(received[1]?.mail.text).toContain('2 × CB-02  19.00')
})

test('nothing in an event can add a recipient or a header', async () => {
  const { received, url } = await mailServer()
  const handlers = emailHandlers(mailerOn(url))
  const name = 'Eve" <eve@evil.example>, "x\r\nBcc: all@evil.example\r\n\r\nbody'
  await handlers.user_signup?.(event('user_signup', { email: 'eve@example.com', name }))
  const template = { subject: '{{data.s}}', body: 'text' }
  const eventType = {
    name: 'custom',
    version: 1,
    topic: 'custom',
    schema: {},
    example: {},
    email: template,
    builtIn: false,
  }
  const data = { s: 'a\r\nBcc: all@evil.example', email: 'eve@example.com' }
  await handlers['*']?.(event('custom', data, { eventType, id: 'x\r\nBcc: all@evil.example:1' }))
  for (const { to, mail, source } of received) {
    expect(to).toEqual(['eve@example.com'])
    expect(mail.bcc).toBeUndefined()
    expect(source.slice(0, source.indexOf('\r\n\r\n'))).not.toMatch(/^bcc:/im)
    expect(mail.to && !Array.isArray(mail.to) ? mail.to.value.map(({ address }) => address) : []).toEqual([
      'eve@example.com',
    ])
  }
  await expect(handlers['*']?.(event('custom', { email: 'a@b.c, d@e.f' }))).rejects.toMatchObject({
    name: 'InvalidRecipient',
  })
})

test('the reply code of the server decides the error', async () => {
  const { url } = await mailServer((recipient) =>
    recipient.startsWith('busy') ? 451 : recipient.startsWith('no') ? 550 : 250,
  )
  const mailer = mailerOn(url)
  const letter = (address: string) => ({ to: { address }, subject: 's', text: 't', html: '<p>t</p>' })
  const send = (address: string) => mailer.send({ id: 'p-1:1:t:1', type: 't', attempt: 1 }, letter(address))
  await expect(send('busy@example.com')).rejects.toMatchObject({ name: 'SmtpBusy' })
  await expect(send('no@example.com')).rejects.toMatchObject({ name: 'SmtpRejected' })
  await expect(send('yes@example.com')).resolves.toMatchObject({ kind: 'email' })
})

test('no server is an error that may be retried, and a server that comes back is found', async () => {
  const first = await mailServer()
  const mailer = mailerOn(first.url)
  const send = () =>
    mailer.send(
      { id: 'p-1:1:t:1', type: 't', attempt: 1 },
      { to: { address: 'a@example.com' }, subject: 's', text: 't', html: 'h' },
    )
  await send()
  await first.close()
  await expect(send()).rejects.toMatchObject({ name: 'SmtpUnavailable' })
  const port = Number(new URL(first.url).port)
  const again = new SMTPServer({ authOptional: true, closeTimeout: 50, disabledCommands: ['STARTTLS', 'AUTH'] })
  await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve))
  closing.push(() => new Promise<void>((resolve) => again.close(() => resolve())))
  await expect(send()).resolves.toMatchObject({ kind: 'email' })
})

test('300 mails at once all arrive, once each', async () => {
  const { received, url } = await mailServer()
  const handlers = emailHandlers(mailerOn(url))
  const sends = Array.from({ length: 300 }, (_, index) =>
    handlers.user_signup?.(
      event('user_signup', { email: `u${index}@example.com` }, { id: `p-1:1:user_signup:${index + 1}` }),
    ),
  )
  expect(new Set((await Promise.all(sends)).map((effect) => effect?.ref)).size).toBe(300)
  expect(new Set(received.map(({ to }) => to[0])).size).toBe(300)
  expect(received.length).toBe(300)
})
