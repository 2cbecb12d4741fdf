import fc from 'fast-check'
import { expect, test } from 'vitest'
import { letterPartBytes } from '#contracts/effects/effect-limits.ts'
import type { EmailTemplate } from '#contracts/events/event-type.ts'
import { exactData } from './exact-data.ts'
import { anyTypeLetter } from './handlers/any-type.ts'
import { LetterTooLarge, partBudget } from './letter-too-large.ts'
import { mailHeaders, mailMessageId } from './mail-headers.ts'
import { type Rendered, renderTemplate } from './template.ts'

const event = {
  id: 'producer-1:3:invoice:42',
  type: 'invoice',
  data: {
    name: '<b>Ada</b>',
    items: [{ sku: 'KB-87', qty: 2 }],
    total: 0,
    paid: false,
    note: null,
    email: 'a@example.com',
  },
}

/** The template's text for an event, as the text part of its letter. */
function render(template: string, { id, type, data }: { id: string; type: string; data: unknown } = event): Rendered {
  return renderTemplate(template, { id, type, exact: exactData(JSON.stringify(data)) }, partBudget(type, 'text'))
}

/** The letter for an event of this body. */
const letterOf = (body: string, template?: EmailTemplate) =>
  anyTypeLetter({ id: event.id, type: event.type, data: JSON.parse(body), body }, template)

test('a template takes dotted paths, array indexes and falsy values; objects are shown as JSON', () => {
  const { text, missing } = render(
    '{{data.name}} {{ data.items.0.sku }} {{data.total}} {{data.paid}} {{data.items.0}} {{type}} {{id}}',
  )
  expect(text).toBe('<b>Ada</b> KB-87 0 false {"sku":"KB-87","qty":2} invoice producer-1:3:invoice:42')
  expect(missing).toEqual([])
})

test('a missing value is empty and named once; nothing is executed and no prototype is reached', () => {
  const { text, missing } = render(
    '[{{data.nope}}][{{data.nope}}][{{data.note}}][{{data.constructor}}][{{data.items.length}}][{{process.env}}][{{}}][{{1+1}}]',
  )
  expect(text).toBe('[][][][][1][][][]')
  expect(missing).toEqual(['data.nope', 'data.note', 'data.constructor', 'process.env', '', '1+1'])
})

test('values of an event are not taken for a template again', () => {
  expect(render('{{data.a}}', { ...event, data: { a: '{{data.b}}', b: 'secret' } }).text).toBe('{{data.b}}')
})

test('a type with a template is mailed by it, escaped in HTML, with one line as subject', () => {
  const data = { ...event.data, name: '<script>alert(1)</script>\r\nBcc: all@example.com' }
  const template = { subject: 'For {{data.name}}', body: 'Hi {{data.name}}\n\n& bye' }
  const { letter } = letterOf(JSON.stringify(data), template)
  expect(letter.to).toEqual({ address: 'a@example.com' })
  expect(letter.subject).toBe('For <script>alert(1)</script> Bcc: all@example.com')
  expect(letter.html).not.toContain('<script>')
  expect(letter.html).toContain('&lt;script&gt;')
  expect(letter.html).toContain('&amp; bye')
})

test('a type without a template is mailed as a list of its fields', () => {
  const { letter } = letterOf('{"amount":5,"deep":{"a":[1]}}')
  expect(letter.to.address).toBe('events@example.com')
  expect(letter.text).toBe('amount: 5\ndeep: {"a":[1]}\nmessage: producer-1:3:invoice:42\n')
})

test('the Message-ID is the identity in a form that RFC 5322 allows, distinct for distinct identities', () => {
  expect(mailMessageId('producer-1:3:user_signup:42')).toBe('<producer-1.3.user_signup.42@faultline>')
  const ids = ['a.b', 'a:b', 'a=b', 'a=2Eb', 'ä', 'a\r\nX: y', '>']
  const made = ids.map(mailMessageId)
  expect(new Set(made).size).toBe(ids.length)
  for (const id of made) expect(id).toMatch(/^<[a-zA-Z0-9_.=-]+@faultline>$/)
})

test('header values cannot begin a header of their own', () => {
  const evil = { id: 'x\r\nBcc: a@b.c', type: 'y\nZ: 1', attempt: 2 }
  const letter = { to: { name: 'n\r\nBcc: a@b.c', address: 'a@example.com' }, subject: 's\nBcc: a@b.c' }
  for (const line of mailHeaders(evil, letter, { name: 'F', address: 'f@example.com' })) {
    expect(
      line
        .split('\r\n')
        .slice(1)
        .every((folded) => folded.startsWith(' ')),
    ).toBe(true)
    expect(line.replaceAll('\r\n', '')).toMatch(/^[\x20-\x7e]+$/)
  }
})

test('numbers are shown with the digits that the body has', () => {
  const body =
    '{"id":820000000000000508,"neg":-7210194211959421178,"cent":0.10,"in":{"deep":[1e3,12345678901234567890]}}'
  const template = { subject: '{{data.id}}', body: '{{data.neg}} {{data.cent}} {{data.in}} {{data.in.deep.1}}' }
  expect(letterOf(body, template).letter).toMatchObject({
    subject: '820000000000000508',
    text: '-7210194211959421178 0.10 {"deep":[1e3,12345678901234567890]} 12345678901234567890',
  })
  expect(letterOf(body).letter.text).toContain('id: 820000000000000508\nneg: -7210194211959421178\ncent: 0.10\n')
})

test('text that looks like a number, or like the mark of one, stays text', () => {
  const data = { text: '\ue000123', number: 5, also: '"\ue000\ue0007"' }
  const { text } = render('{{data.text}}|{{data.number}}|{{data.also}}|{{data}}', { ...event, data })
  expect(text).toBe(`${data.text}|5|${data.also}|${JSON.stringify(data)}`)
})

test('each part has a bound, which the error names with the type', () => {
  const body = JSON.stringify({ big: 'x'.repeat(200_000), small: 'y' })
  const many = '{{data.big}}'.repeat(1_600)
  const refused = (template?: EmailTemplate, of = body) => {
    try {
      letterOf(of, template)
    } catch (error) {
      return error
    }
    return undefined
  }
  for (const [part, error] of [
    ['text', refused({ subject: 's', body: many })],
    ['subject', refused({ subject: '{{data.big}}', body: 'b' })],
    ['html', refused({ subject: 's', body: '{{data.q}}' }, JSON.stringify({ q: '"'.repeat(120_000) }))],
    ['html', refused(undefined, `{${Array.from({ length: 20_000 }, (_, n) => `"${n}":1`).join(',')}}`)],
  ] as const) {
    expect(error).toBeInstanceOf(LetterTooLarge)
    expect((error as Error).message).toContain(`the ${part} of the letter for invoice`)
    expect((error as Error).message).toContain(String(letterPartBytes[part]))
  }
  expect(refused({ subject: '{{data.small}}', body: '{{data.big}}' })).toBeUndefined()
  expect(refused()).toBeUndefined()
})

test('what is measured is what is made', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, other) => {
      const body = JSON.stringify({ text, other: `${other}\n\n${text}\n\n\n&<>` })
      const { letter } = letterOf(body, { subject: 's', body: '{{data.text}}{{data.other}}' })
      const spent: number[] = []
      renderTemplate(
        '{{data.text}}{{data.other}}',
        { ...event, exact: exactData(body) },
        { spend: (n) => spent.push(n) },
      )
      expect(Buffer.byteLength(letter.text)).toBe(spent.reduce((sum, n) => sum + n, 0))
    }),
  )
})

test('data that is nested too deep for a letter is refused by name', () => {
  const deep = `{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`
  expect(() => letterOf(deep)).toThrow(LetterTooLarge)
  expect(() => letterOf(`{"a":${'['.repeat(990)}${']'.repeat(990)}}`)).not.toThrow()
})

test('a template is read in one pass, as a plain pattern would read it', () => {
  const pattern = /\{\{\s*([^{}]*?)\s*\}\}/g
  const plainly = (template: string) =>
    template.replace(pattern, (_, path: string) => ({ 'data.a': 'A', id: event.id, type: event.type })[path] ?? '')
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('{', '}', '{{', '}}', ' ', '\n', 'data.a', 'id', 'x'), { maxLength: 30 }),
      (bits) => {
        const template = bits.join('')
        expect(render(template, { ...event, data: { a: 'A' } }).text).toBe(plainly(template))
      },
    ),
    { numRuns: 2_000 },
  )
  // The plain pattern needs hours for this one.
  const hostile = `{{${' '.repeat(200_000)}`
  expect(render(hostile).text).toBe(hostile)
  expect(render('{{'.repeat(100_000)).text).toBe('{{'.repeat(100_000))
})
