import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareMail, type StoredMail } from '#contracts/effects/declared/mail-comparison.ts'
import { mailDeclarations } from '#contracts/effects/declared/mail-declarations.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import type { EmailTemplate } from '#contracts/events/event-type.ts'
import { emailHandlers } from './handlers.ts'
import { type MailServer, startMailServer } from './mail-server.fixture.ts'
import { createMailer, type Mailer } from './mailer.ts'

let server: MailServer
let mailer: Mailer
let count = 0

beforeAll(async () => {
  server = await startMailServer()
  mailer = createMailer(server.url)
})
afterAll(async () => {
  mailer.close()
  await server.close()
})

/** Handles an event as consumer-email does; how the mail that came differs from what is declared. */
async function differences(type: string, body: string, template?: EmailTemplate, isGeneric = template !== undefined) {
  count += 1
  const id = `producer-1:1:${type}:${count}`
  const handlers = emailHandlers(mailer)
  const handler = handlers[type] ?? handlers['*']
  const definition = { name: type, version: 1, topic: type, schema: {}, example: {}, builtIn: false }
  await handler?.({
    ...{
      id,
      type,
      data: JSON.parse(body),
      attempt: 1,
      receiveCount: 1,
      say: () => undefined,
      acted: () => undefined,
      send: () => undefined,
      reported: () => undefined,
    },
    envelope: { id, type, topic: type, time: '', traceparent: '', version: 1, body },
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    ...(isGeneric ? { eventType: { ...definition, ...(template === undefined ? {} : { email: template }) } } : {}),
  })
  const last = server.received.at(-1)
  if (!last) throw new Error('no mail came')
  const { mail } = last
  const to = mail.to && !Array.isArray(mail.to) ? mail.to.value : []
  const stored: StoredMail = {
    envelope: last.to,
    to: to.map(({ address = '', name }) => ({ address, name })),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
  }
  return compareMail({ id, type, body, isGeneric }, stored, template)
}

test('every letter has its declaration', () => {
  expect(Object.keys(mailDeclarations)).toEqual(Object.keys(emailHandlers(mailer)))
})

test('what is sent is what is declared, for every built-in type and any other', async () => {
  for (const { name, example } of builtInEventTypes)
    expect(await differences(name, JSON.stringify(example))).toEqual([])
  expect(await differences('user_signup', '{"email":"ada@example.com"}')).toEqual([])
  expect(await differences('free_form', '{"id":820000000000000508,"2":[],"1":{"b":0.10},"s":"<b>&amp;"}')).toEqual([])
  expect(await differences('free_form', '[1,"two"]')).toEqual([])
  expect(await differences('free_form', '"text"')).toEqual([])
  expect(
    await differences(
      'order_placed',
      '{"orderId":"4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8","email":"a@b.cc","items":[{"sku":"<s>","qty":3,"price":1.005}],"total":1e21}',
    ),
  ).toEqual([])
})

test('a type that only has the name of a built-in one is mailed like any other', async () => {
  expect(await differences('order_placed', '{"orderId":4711}', undefined, true)).toEqual([])
  const template = { subject: 'Order {{data.orderId}}', body: 'It is on its way.' }
  expect(await differences('order_placed', '{"orderId":4711,"email":"a@b.cc"}', template)).toEqual([])
  expect(server.received.at(-1)?.mail.subject).toBe('Order 4711')
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
  fc.constantFrom(
    '=?utf-8?Q?=45vil?=',
    'a\r\nBcc: b@c.d',
    ' two  spaces ',
    '\u0000',
    '\n\n\n',
    '<script>',
    '&lt;',
    '{{id}}',
    '\ud800',
    '\ufeff',
    '\ue000',
  ),
)

test('whatever a user types, the mail says it', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (name) => {
      expect(await differences('user_signup', JSON.stringify({ email: 'ada@example.com', name }))).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('whatever a type and its template hold, the mail says it', async () => {
  const template = fc.option(
    fc.record({
      subject: fc.constantFrom('s', '{{data.a}}', ' {{ data.b.0 }} and {{data}}', '{{{type}}}'),
      body: fc.constantFrom(
        '{{data.a}}\n\n{{data.b}}',
        '{{id}} {{data.c}} {{data.none}}',
        '{{data}}\r\n\r\n{{data.a}}\n \n',
        '{{data.e',
      ),
    }),
    { nil: undefined },
  )
  const data = fc.record(
    { a: hostile, b: fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 }), c: fc.double({ noNaN: true }) },
    { requiredKeys: ['a'] },
  )
  await fc.assert(
    fc.asyncProperty(data, template, async (value, given) => {
      expect(await differences('custom', JSON.stringify(value), given)).toEqual([])
    }),
    { numRuns: 200 },
  )
})
