import { expect, test } from 'vitest'
import { anyTypeLetter } from './handlers/any-type.ts'
import { mailMessageId, traceHeaders } from './mail-headers.ts'
import { InvalidRecipient, recipientOf } from './recipient.ts'
import { renderTemplate } from './template.ts'

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

test('a template takes dotted paths, array indexes and falsy values; objects are shown as JSON', () => {
  const { text, missing } = renderTemplate(
    '{{data.name}} {{ data.items.0.sku }} {{data.total}} {{data.paid}} {{data.items.0}} {{type}} {{id}}',
    event,
  )
  expect(text).toBe('<b>Ada</b> KB-87 0 false {"sku":"KB-87","qty":2} invoice producer-1:3:invoice:42')
  expect(missing).toEqual([])
})

test('a missing value is empty and named once; nothing is executed and no prototype is reached', () => {
  const { text, missing } = renderTemplate(
    '[{{data.nope}}][{{data.nope}}][{{data.note}}][{{data.constructor}}][{{data.items.length}}][{{process.env}}][{{}}][{{1+1}}]',
    event,
  )
  expect(text).toBe('[][][][][1][][][]')
  expect(missing).toEqual(['data.nope', 'data.note', 'data.constructor', 'process.env', '', '1+1'])
})

test('values of an event are not taken for a template again', () => {
  expect(renderTemplate('{{data.a}}', { ...event, data: { a: '{{data.b}}', b: 'secret' } }).text).toBe('{{data.b}}')
})

test('a type with a template is mailed by it, escaped in HTML, with one line as subject', () => {
  const data = { ...event.data, name: '<script>alert(1)</script>\r\nBcc: all@example.com' }
  const { letter } = anyTypeLetter(
    { ...event, data },
    { subject: 'For {{data.name}}', body: 'Hi {{data.name}}\n\n& bye' },
  )
  expect(letter.to).toEqual({ address: 'a@example.com' })
  expect(letter.subject).toBe('For <script>alert(1)</script> Bcc: all@example.com')
  expect(letter.html).not.toContain('<script>')
  expect(letter.html).toContain('&lt;script&gt;')
  expect(letter.html).toContain('&amp; bye')
})

test('a type without a template is mailed as a list of its fields', () => {
  const { letter } = anyTypeLetter({ ...event, data: { amount: 5, deep: { a: [1] } } }, undefined)
  expect(letter.to.address).toBe('events@example.com')
  expect(letter.text).toBe('amount: 5\ndeep: {"a":[1]}\nmessage: producer-1:3:invoice:42\n')
})

test.each([
  'a@b.c, d@e.f',
  'a@b\r\nBcc: x@y.z',
  'a b@c.d',
  '<a@b.c>',
  '"a b"@c.d',
  'nobody',
  '@',
  'a@b@c',
  'group:a@b.c;',
])('%j is no recipient', (email) => {
  expect(() => recipientOf({ email }, 'desk@example.com')).toThrow(InvalidRecipient)
})

test('an event without an address goes to the desk', () => {
  expect(recipientOf({ orderId: '1' }, 'desk@example.com')).toBe('desk@example.com')
  expect(recipientOf(null, 'desk@example.com')).toBe('desk@example.com')
})

test('the Message-ID is the identity in a form that RFC 5322 allows, distinct for distinct identities', () => {
  expect(mailMessageId('producer-1:3:user_signup:42')).toBe('<producer-1.3.user_signup.42@faultline>')
  const ids = ['a.b', 'a:b', 'a=b', 'a=2Eb', 'ä', 'a\r\nX: y', '>']
  const made = ids.map(mailMessageId)
  expect(new Set(made).size).toBe(ids.length)
  for (const id of made) expect(id).toMatch(/^<[a-zA-Z0-9_.=-]+@faultline>$/)
})

test('header values cannot begin a header of their own', () => {
  const headers = traceHeaders({ id: 'x\r\nBcc: a@b.c', type: 'y\nZ: 1', attempt: 2 })
  for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]+$/)
})
