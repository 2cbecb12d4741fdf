import fc from 'fast-check'
import { expect, it } from 'vitest'
import { printJson } from './print-json.ts'

it('prints what parses to the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(printJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

it('keeps short values on one line and opens long ones', () => {
  const data = {
    email: 'ada@example.com',
    items: [
      { sku: 'KB-87', qty: 1, price: 119 },
      { sku: 'CB-02', qty: 2, price: 9.5 },
    ],
    none: undefined,
    tags: ['a', 'b'],
  }
  expect(printJson(data)).toBe(`{
  "email": "ada@example.com",
  "items": [
    { "sku": "KB-87", "qty": 1, "price": 119 },
    { "sku": "CB-02", "qty": 2, "price": 9.5 }
  ],
  "tags": ["a", "b"]
}`)
})
