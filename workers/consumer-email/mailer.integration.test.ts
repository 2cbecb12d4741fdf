import { pino } from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'
import { emailHandlers } from './handlers.ts'
import { type MailServer, startMailServer } from './mail-server.fixture.ts'
import { createMailer, type Mailer } from './mailer.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function mailServer(answer?: (recipient: string) => number): Promise<MailServer> {
  const server = await startMailServer(answer)
  closing.push(server.close)
  return server
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
    send: () => undefined,
    reported: () => undefined,
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

test('a mail that the server had whole and did not answer for is distinguished, since another attempt may send it twice', async () => {
  const server = await mailServer()
  const mailer = mailerOn(server.url)
  const send = () =>
    mailer.send(
      { id: 'p-1:1:t:1', type: 't', attempt: 1 },
      { to: { address: 'a@example.com' }, subject: 's', text: 't', html: 'h' },
    )
  await send()
  server.breakBeforeAnswer()
  await expect(send()).rejects.toMatchObject({ name: 'SmtpUnanswered' })
  await send()
  // One mail for each time that it was sent whole: nodemailer itself repeats nothing.
  expect(server.received.map(({ mail }) => mail.messageId)).toEqual(Array(3).fill('<p-1.1.t.1@faultline>'))
})

test('a mail that waits for a connection until its attempt ends is not sent, and one accepted too late is reported', async () => {
  const ended = new AbortController()
  const warned: unknown[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(JSON.parse(line).msg) })
  const server = await mailServer(() => {
    ended.abort(new Error('the attempt took too long'))
    return 250
  })
  const mailer = mailerOn(server.url)
  const sends = Array.from({ length: 20 }, (_, index) =>
    mailer.send(
      { id: `p-1:1:t:${index + 1}`, type: 't', attempt: 1, signal: ended.signal, log },
      { to: { address: 'a@example.com' }, subject: 's', text: 't', html: 'h' },
    ),
  )
  const outcomes = await Promise.allSettled(sends)
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  expect(refused).toHaveLength(12)
  expect(new Set(refused.map((error: Error) => error.message))).toEqual(new Set(['the attempt took too long']))
  expect(server.received).toHaveLength(8)
  expect(warned).toHaveLength(8)
  expect(warned[0]).toContain('was accepted after its attempt had ended')
  await expect(
    mailer.send(
      { id: 'p-1:1:t:99', type: 't', attempt: 1 },
      { to: { address: 'b@example.com' }, subject: 's', text: 't', html: 'h' },
    ),
  ).resolves.toMatchObject({ kind: 'email' })
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

test('a mail that is larger than any buffer on its way arrives whole, with dots that begin its lines', async () => {
  const { received, url } = await mailServer()
  const mailer = mailerOn(url)
  const lines = Array.from({ length: 9_000 }, (_, index) => `.${String(index).padStart(60, 'x')}`)
  const text = lines.join('\n')
  const letter = { to: { address: 'ada@example.com' }, subject: 'large', text, html: '<p>large</p>' }
  await mailer.send({ id: 'p-1:1:t:1', type: 't', attempt: 1 }, letter)
  expect(received[0]?.mail.text?.trimEnd()).toBe(text)
})
