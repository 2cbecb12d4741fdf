import { expect, test } from 'vitest'
import { parseFind } from './find-nodes.ts'

const queue = { id: 'queue:consumer-db', kind: 'queue', name: 'consumer-db', state: 'up' } as const

test('the find box takes parts of names and comparisons', () => {
  expect(parseFind('')).toBeUndefined()
  expect(parseFind('sumer-d')?.(queue, undefined)).toBe(true)
  expect(parseFind('lag > 100')?.(queue, { ratePerSecond: 0, total: 0, depth: 101 })).toBe(true)
  expect(parseFind('lag<5')?.(queue, { ratePerSecond: 0, total: 0, depth: 101 })).toBe(false)
})
