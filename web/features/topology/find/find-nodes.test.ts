import { expect, test } from 'vitest'
import { parseFind } from './find-nodes.ts'

const queue = { id: 'queue:consumer-db', kind: 'queue', name: 'consumer-db', state: 'up' } as const
const service = { ...queue, id: 'consumer:consumer-db', kind: 'consumer' } as const

test('the find box takes parts of names and comparisons', () => {
  expect(parseFind('')).toBeUndefined()
  expect(parseFind('sumer-d')?.(queue, undefined)).toBe(true)
  expect(parseFind('lag > 100')?.(queue, { ratePerSecond: 0, total: 0, depth: 101 })).toBe(true)
  expect(parseFind('lag<5')?.(queue, { ratePerSecond: 0, total: 0, depth: 101 })).toBe(false)
  expect(parseFind('lag<5')?.(queue, { ratePerSecond: 0, total: 0, depth: 4 })).toBe(true)
  expect(parseFind('lag<5')?.(service, { ratePerSecond: 0, total: 0 })).toBe(false)
})
