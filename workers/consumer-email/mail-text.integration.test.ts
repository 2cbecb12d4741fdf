import fc from 'fast-check'
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeWords, readHeaders } from '#workers/mailbox/mail-headers.ts'
import { oneLine } from './header-text.ts'
import { type MailServer, startMailServer } from './mail-server.fixture.ts'
import { createMailer, type Mailer } from './mailer.ts'

let server: MailServer
let mailer: Mailer

beforeAll(async () => {
  server = await startMailServer()
  mailer = createMailer(server.url)
})
afterAll(async () => {
  mailer.close()
  await server.close()
})

interface Said {
  id?: string
  type?: string
  name?: string
  address?: string
  subject?: string
  text?: string
}

/** Sends one mail and gives it as a reader has it, with its source. */
async function readBack({
  id = 'p-1:1:t:1',
  type = 't',
  name,
  address = 'a@example.com',
  subject = 's',
  text = 't',
}: Said) {
  const to = name === undefined ? { address } : { name, address }
  await mailer.send({ id, type, attempt: 1 }, { to, subject, text, html: '<p>t</p>' })
  const last = server.received.at(-1)
  if (!last) throw new Error('no mail came')
  return last
}

const recipients = ({ to }: ParsedMail) => (to && !Array.isArray(to) ? to.value : [])

const hostile = [
  '=?utf-8?Q?=45vil?=',
  'Welcome, =?utf-8?B?RXZpbA==?=',
  '=?utf-8?Q?a?= =?utf-8?Q?b?=',
  '=?utf-8?Q?broken',
  '=?=?utf-8?Q?=45vil?=?=',
  '?=',
  '=?',
  '=?x?y?z?=',
  '=?utf-8?B?!!!?=',
  '=?UTF-8?Q?=3D=3Futf-8=3FQ=3F=3D45vil=3F=3D?=',
  '=?iso-8859-1*en?Q?=FC?=',
  `${'long'.repeat(50)}`,
  `=?utf-8?Q?${'=45'.repeat(60)}?=`,
  `${'wörter '.repeat(30)}=?utf-8?Q?=45?=`,
  `${'plain words and '.repeat(12)}=?utf-8?Q?=45?= at a fold`,
  'two  spaces',
  ' around ',
  'tab\there',
  '👩‍👩‍👧‍👦🇳🇿'.repeat(20),
  'שלום עולם مرحبا',
  '\u202eright to left\u202c',
  'Eve" <eve@evil.example>, "x',
  'a, b; c: d',
  'back\\slash "quoted" (comment)',
  'e\u0301 and \u00e9',
  '__underscores=20and=codes__',
  "it's 100% #1 <b>&amp;</b>",
  '.',
]

test.each(hostile)('a reader gets %j back, as subject, name, id and list', async (text) => {
  const { mail, source, to } = await readBack({ name: text, subject: text, id: text, type: text })
  expect(mail.subject).toBe(text)
  expect(recipients(mail)).toEqual([{ address: 'a@example.com', name: text }])
  expect(to).toEqual(['a@example.com'])
  const headers = readHeaders(Buffer.from(source))
  expect(decodeWords(headers.get('subject') ?? '')).toBe(text)
  expect(decodeWords(headers.get('x-faultline-message') ?? '')).toBe(text)
  expect(decodeWords(headers.get('x-faultline-type') ?? '')).toBe(text)
  expect(decodeWords(headers.get('list-id')?.replace(/ <[^<>]*>$/, '') ?? '')).toBe(`${text} events`)
})

test('any text comes back, on one line and without what no header can carry', async () => {
  const fragment = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(...hostile, '\r\n', '\u0000', '\r', '=', '?', ' ', '=?utf-8?Q?', '?='),
  )
  const line = fc.array(fragment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(line, line, async (subject, name) => {
      const { mail, source } = await readBack({ subject, name })
      // No header is written for an empty one.
      expect(mail.subject ?? '').toBe(oneLine(subject))
      expect(recipients(mail)).toEqual([{ address: 'a@example.com', name: oneLine(name) }])
      const head = source.slice(0, source.indexOf('\r\n\r\n'))
      expect(head).toMatch(/^[\x20-\x7e\r\n]*$/)
      for (const headerLine of head.split('\r\n')) expect(headerLine.length).toBeLessThanOrEqual(998)
    }),
    { numRuns: 200 },
  )
})

test('any text comes back as the text part, but for the kind of its line breaks', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          '.',
          '..',
          '\n',
          '\r\n',
          '\r',
          'From me',
          ' ',
          '\t',
          '=',
          '=20',
          'ü',
          '🎋',
          '\u0000',
          'x'.repeat(990),
        ),
        {
          minLength: 1,
          maxLength: 20,
        },
      )
      .map((parts) => parts.join('')),
  )
  const lines = (value = ''): string => Buffer.from(value.replace(/\r\n|\r/g, '\n')).toString()
  await fc.assert(
    fc.asyncProperty(text, async (said) => {
      const { mail } = await readBack({ text: said })
      expect(lines(mail.text)).toBe(lines(said))
    }),
    { numRuns: 200 },
  )
})

test.each([
  'Ada.Lovelace@EXAMPLE.Com',
  "o'brien+tag=x!#$%&*/?^`{|}~@a-b.example",
  'a@xn--jgeva-dua.ee',
  'a@B',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(59)}`,
])('%j reaches envelope and header byte for byte', async (address) => {
  const before = server.lines().length
  const { source } = await readBack({ address })
  expect(server.lines().slice(before)).toContain(`RCPT TO:<${address}>`)
  expect(source).toContain(`\r\nTo: ${address}\r\n`)
  const named = await readBack({ address, name: 'Ada' })
  expect(named.source).toContain(`\r\nTo: Ada\r\n <${address}>\r\n`)
})
