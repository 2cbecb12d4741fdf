import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawOf, isVictim, runTraceMark, victimName } from './victims.ts'

const ids = (count: number, epoch = 1): string[] =>
  Array.from({ length: count }, (_, index) => `producer-1:${epoch}:user_signup:${index + 1}`)

test('the victims of a seed are the same on every run, and their share is about the percentage', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 100 }), (seed, percent) => {
      const victims = ids(2_000).filter((id) => isVictim({ seed, percent }, victimName(id)))
      expect(ids(2_000).filter((id) => isVictim({ seed, percent }, victimName(id)))).toEqual(victims)
      // Five standard deviations of a fair draw: sqrt(2000 · p · (1 - p)) is 22.4 at most.
      expect(Math.abs(victims.length - 20 * percent)).toBeLessThan(112)
    }),
    { numRuns: 40 },
  )
})

test('a higher percentage keeps the victims of a lower one', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.string(),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      (seed, name, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        if (isVictim({ seed, percent: low }, name)) expect(isVictim({ seed, percent: high }, name)).toBe(true)
      },
    ),
  )
})

test('none at 0, all at 100, and other seeds draw others', () => {
  const names = ids(500).map((id) => victimName(id))
  expect(names.filter((name) => isVictim({ seed: 1, percent: 0 }, name))).toEqual([])
  expect(names.filter((name) => isVictim({ seed: 1, percent: 100 }, name))).toEqual(names)
  const of = (seed: number) => names.filter((name) => isVictim({ seed, percent: 50 }, name)).join()
  expect(of(1)).not.toBe(of(2))
})

test('a restarted producer has the same victims: its epoch is not drawn by', () => {
  expect(ids(100, 1).map((id) => victimName(id))).toEqual(ids(100, 9).map((id) => victimName(id)))
  expect(victimName('no identity')).toBe('no identity')
  expect(drawOf(1, 'a')).toBe(drawOf(1, 'a'))
})

test('a message of a run is drawn by its number in the run, whatever its identity is', () => {
  const traceparent = (run: string, index: string) =>
    `00-${runTraceMark}${run}${index.padStart(16, '0')}-00000000000000ff-01`
  const first = victimName('producer-1:1:user_signup:7', traceparent('00000001', 'a'))
  expect(victimName('producer-2:4:user_signup:9000', traceparent('00000002', 'a'))).toBe(first)
  expect(victimName('producer-1:1:user_signup:7', traceparent('00000001', 'b'))).not.toBe(first)
  expect(victimName('producer-1:1:user_signup:7', `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`)).toBe(
    'producer-1:user_signup:7',
  )
})
