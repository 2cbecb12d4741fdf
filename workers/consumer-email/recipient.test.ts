import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidRecipient, recipientOf } from './recipient.ts'

const desk = 'desk@example.com'

test.each([
  ['a@b.c, d@e.f', 'U+0020'],
  ['a@ex.com\u0000', 'character 9 is U+0000'],
  ['\u0000a@ex.com', 'character 1 is U+0000'],
  ['a@b.c\r\nBcc: x@y.z', 'U+000D'],
  ['a@b.c\n', 'U+000A'],
  ['a\t@b.c', 'U+0009'],
  ['a@b.c\u0085', 'U+0085'],
  ['a@b.c\u00a0', 'U+00A0'],
  ['a@b.c\u2028', 'U+2028'],
  ['\ufeffa@b.c', 'U+FEFF'],
  ['a@b.c\u200b', 'U+200B'],
  ['a\u007f@b.c', 'U+007F'],
  ['a b@c.d', 'U+0020'],
  ['<a@b.c>', 'before the @'],
  ['Ada <a@b.c>', 'U+0020'],
  ['a@b.c>', 'not a domain name'],
  ['a@b.c,d', 'not a domain name'],
  ['a@b.c,d@e.f', 'more than one @'],
  ['a@b.c;d@e.f', 'more than one @'],
  ['"a b"@c.d', 'U+0020'],
  ['"a"@c.d', 'before the @'],
  ['a(comment)@c.d', 'before the @'],
  ['a@c.d(comment)', 'not a domain name'],
  ['group:a@b.c;', 'before the @'],
  ['a\\@b@c.d', 'more than one @'],
  ['a@[127.0.0.1]', 'not a domain name'],
  ['a@b.c.', 'not a domain name'],
  ['a@.b.c', 'not a domain name'],
  ['a@b..c', 'not a domain name'],
  ['a@-b.c', 'not a domain name'],
  ['a.@b.c', 'before the @'],
  ['.a@b.c', 'before the @'],
  ['a..b@c.d', 'before the @'],
  ['a@b_c.d', 'not a domain name'],
  ['=?utf-8?q?x?=@b.c', 'encoded word'],
  ['ada@jõgeva.ee', 'U+00F5, and only ASCII'],
  ['jörg@b.c', 'U+00F6, and only ASCII'],
  ['a@b.c\ud800', 'U+D800'],
  ['nobody', 'name@domain'],
  ['', 'name@domain'],
  ['@', 'name@domain'],
  ['a@', 'name@domain'],
  ['@b.c', 'name@domain'],
  ['a@b@c.com', 'more than one @'],
  [`${'a'.repeat(65)}@b.c`, 'more than 64'],
  [`a@${'b'.repeat(64)}.c`, 'not a domain name'],
  [`${'a'.repeat(10_240)}@b.c`, 'more than 254'],
  [['a@b.c', 'd@e.f'], 'it is not text'],
  [{ address: 'a@b.c' }, 'it is not text'],
  [7, 'it is not text'],
  [false, 'it is not text'],
])('%j is refused, and why is said', (email, fault) => {
  expect(() => recipientOf({ email }, desk)).toThrow(InvalidRecipient)
  let message = ''
  try {
    recipientOf({ email }, desk)
  } catch (error) {
    message = error instanceof Error ? error.message : ''
  }
  expect(message).toContain(fault)
  expect(message).toMatch(/^[\x20-\x7e]{1,2000}$/)
})

test.each([
  'a@b',
  'Ada.Lovelace@EXAMPLE.com',
  "o'brien+tag=x!#$%&*/?^`{|}~@a-b.example",
  'a@xn--jgeva-dua.ee',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.example`,
])('%j is used as it is', (email) => {
  expect(recipientOf({ email }, desk)).toBe(email)
})

test('an event without an address goes to the desk', () => {
  expect(recipientOf({ orderId: '1' }, desk)).toBe(desk)
  expect(recipientOf({ email: null }, desk)).toBe(desk)
  expect(recipientOf(null, desk)).toBe(desk)
})

test('any text is used unchanged or refused', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.emailAddress(),
    fc.string().map((name) => `${name}@example.com`),
  )
  fc.assert(
    fc.property(text, (email) => {
      let used: string | undefined
      try {
        used = recipientOf({ email }, desk)
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidRecipient)
      }
      if (used !== undefined) expect(used).toBe(email)
    }),
    { numRuns: 2_000 },
  )
})
