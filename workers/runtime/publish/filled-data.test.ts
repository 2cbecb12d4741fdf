import { expect, test } from 'vitest'
import { filledData } from './filled-data.ts'

const body =
  '{"orderId":"o-1","sum":12345678901234567890.10,"items":[{"sku":"a","n":2}],"paid":true,"note":null,"constructor":"x"}'
const event = { id: 'shop-1:1:order_placed:1', type: 'order_placed', body }
const filled = (template: Record<string, unknown>): string => filledData(template, event)

test('a placeholder alone becomes the value with its type, and numbers keep their digits', () => {
  expect(filled({ a: '{{data.orderId}}', b: '{{ data.sum }}', c: '{{data.items}}', d: '{{data.paid}}' })).toBe(
    '{"a":"o-1","b":12345678901234567890.10,"c":[{"sku":"a","n":2}],"d":true}',
  )
  expect(filled({ a: '{{data.items.0.n}}', b: ['{{data.note}}'], c: '{{data}}' })).toBe(
    `{"a":2,"b":[null],"c":${body}}`,
  )
})

test('within text it is shown as text', () => {
  expect(filled({ a: 'order {{data.orderId}} of {{data.sum}}: {{data.items}}{{data.note}}{{data.none}}!' })).toBe(
    JSON.stringify({ a: 'order o-1 of 12345678901234567890.10: [{"sku":"a","n":2}]!' }),
  )
  expect(filled({ a: '{{id}}/{{type}}', b: '{{data.paid}}{{data.paid}}' })).toBe(
    '{"a":"shop-1:1:order_placed:1/order_placed","b":"truetrue"}',
  )
})

test('what the event does not have is left out of objects, and null in arrays', () => {
  expect(
    filled({ a: '{{data.none}}', b: ['{{data.none}}', 1], c: { d: '{{data.items.1}}' }, e: '{{data.__proto__}}' }),
  ).toBe('{"b":[null,1],"c":{}}')
})

test('other values stay as they are', () => {
  const template = { a: 1.5, b: null, c: [true, 'text', { d: 'with {braces} and {{' }], e: {}, 'f "g"': -0 }
  expect(JSON.parse(filled(template))).toEqual({ ...template, 'f "g"': 0 })
})
