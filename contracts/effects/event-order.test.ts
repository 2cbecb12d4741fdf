import { expect, test } from 'vitest'
import { compareEventOrder, eventOrderOf } from './event-order.ts'

const at = (time: string, id = 'producer-1:1:user_signup:1') => eventOrderOf({ id, time })

test('time comes first, then the epoch, then the sequence', () => {
  const rising = [
    at('2026-01-01T00:00:00.000Z', 'producer-1:9:user_signup:900'),
    at('2026-01-01T00:00:00.001Z', 'producer-1:2:user_signup:11'),
    at('2026-01-01T00:00:00.001Z', 'producer-1:3:user_signup:2'),
    at('2026-01-01T00:00:00.001Z', 'producer-1:3:user_signup:10'),
    at('2026-01-01T00:00:00.001Z', 'producer-2:3:user_signup:10'),
    at('2026-01-01T00:00:00.0010001Z', 'producer-2:3:user_signup:11'),
    at('2026-01-01T00:00:00.001001Z', 'producer-1:1:user_signup:1'),
  ]
  for (const [index, order] of rising.entries()) {
    const signs = rising.map((other) => Math.sign(compareEventOrder(order, other)))
    expect(signs).toEqual(rising.map((_, other) => Math.sign(index - other)))
  }
})

test.each([
  ['2026-01-01T01:30:00+01:30', '2026-01-01T00:00:00.000000Z'],
  ['2025-12-31t23:59:60z', '2026-01-01T00:00:00.000000Z'],
  ['2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123456Z'],
  ['0001-01-01T00:00:00+00:01', '-infinity'],
  ['9999-12-31T23:59:59-00:01', '-infinity'],
  ['0099-03-04T05:06:07Z', '0099-03-04T05:06:07.000000Z'],
  ['yesterday', '-infinity'],
  ['', '-infinity'],
])('%j is ordered as %j', (time, ordered) => {
  expect(at(time).time).toBe(ordered)
})

test('an event without a time, or of an id that no producer gave, is older than one that has them', () => {
  expect(compareEventOrder(at(''), at('2000-01-01T00:00:00Z'))).toBeLessThan(0)
  expect(compareEventOrder(at('2000-01-01T00:00:00Z', 'foreign'), at('2000-01-01T00:00:00Z'))).toBeLessThan(0)
})

test('ids are compared by their bytes, as the database compares them', () => {
  const order = (id: string) => eventOrderOf({ id, time: '' })
  expect(compareEventOrder(order('\uff5e'), order('\u{1f600}'))).toBeLessThan(0)
  expect(compareEventOrder(order('a'), order('ab'))).toBeLessThan(0)
  expect(compareEventOrder(order('a'), order('a'))).toBe(0)
})
