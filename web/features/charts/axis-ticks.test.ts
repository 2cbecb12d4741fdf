import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elapsedTicks, linearTicks, logTicks, timeTicks } from './axis-ticks.ts'

test('values have three to five round ticks that reach over them', () => {
  expect(linearTicks(150)).toEqual([0, 50, 100, 150])
  expect(linearTicks(1_790)).toEqual([0, 500, 1_000, 1_500, 2_000])
  expect(linearTicks(0)).toEqual([0, 0.25, 0.5, 0.75, 1])
  expect(linearTicks(10.2)).toEqual([0, 5, 10, 15])
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (most) => {
      const ticks = linearTicks(most)
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(5)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * 0.999_99)
    }),
  )
})

test('latencies have powers of ten, over a wide span fewer of them', () => {
  expect(logTicks([17, 27_000])).toEqual([10, 100, 1_000, 10_000, 100_000])
  expect(logTicks([])).toEqual([1, 10, 100])
  expect(logTicks([0, 12, 15])).toEqual([10, 100, 1_000])
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 1e8, noNaN: true }), { minLength: 1 }), (values) => {
      const ticks = logTicks(values)
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(5)
      expect(ticks[0]).toBeLessThanOrEqual(Math.min(...values) * 1.000_01)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(Math.max(...values) * 0.999_99)
    }),
  )
})

test('times are round', () => {
  const at = new Date(2026, 10, 30, 14, 22, 3).getTime()
  const ticks = timeTicks(at, at + 12 * 60_000, 6)
  expect(ticks.map((one) => new Date(one).getSeconds())).toEqual([0, 0, 0, 0, 0, 0])
  expect(ticks.map((one) => new Date(one).getMinutes())).toEqual([24, 26, 28, 30, 32, 34])
})

test('times into a run begin at 0', () => {
  expect(elapsedTicks(27_000, 8)).toEqual([0, 5_000, 10_000, 15_000, 20_000, 25_000])
  expect(elapsedTicks(0, 8)).toEqual([0])
})
