import { expect, test } from 'vitest'
import { changesSince, createSteady } from './steady.ts'

test('what says the same is the same value, and the whole where all do', () => {
  const steady = createSteady<{ rate: number; ms?: { p50: number } }>()
  const first = steady({ a: { rate: 1 }, b: { rate: 2, ms: { p50: 3 } } })
  expect(steady({ a: { rate: 1 }, b: { rate: 2, ms: { p50: 3 } } })).toBe(first)
  const second = steady({ a: { rate: 1 }, b: { rate: 2, ms: { p50: 4 } } })
  expect(second).not.toBe(first)
  expect(second.a).toBe(first.a)
  expect(second.b).toEqual({ rate: 2, ms: { p50: 4 } })
})

test('changes are entries with other values; one that is gone makes them no list of changes', () => {
  const [one, two] = [{ n: 1 }, { n: 2 }]
  const sent = { a: one, b: two }
  expect(changesSince(sent, sent)).toEqual({})
  expect(changesSince(sent, { a: one, b: { n: 3 }, c: two })).toEqual({ b: { n: 3 }, c: two })
  expect(changesSince(sent, { a: one })).toBeUndefined()
  expect(changesSince({}, sent)).toEqual(sent)
})
