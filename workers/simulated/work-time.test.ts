import { expect, test } from 'vitest'
import { drawOf } from '#contracts/faults/victims.ts'
import { type Work, workMs } from './work-time.ts'

/** Sorted times of many attempts. */
function times(work: Work, seed: number, count = 50_000): number[] {
  const all = Array.from({ length: count }, (_, n) => workMs(work, [drawOf(seed, `a ${n}`), drawOf(seed, `b ${n}`)]))
  return all.sort((a, b) => a - b)
}
const at = (sorted: number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN

test('median and 99th percentile are as given, whatever they are and whatever the seed', () => {
  for (const [p50Ms, p99Ms] of [
    [40, 400],
    [5, 6],
    [1, 10_000],
    [1_000, 1_001],
  ] as const) {
    for (const seed of [1, 2, 77]) {
      const sorted = times({ p50Ms, p99Ms }, seed)
      // Of 50,000 draws these percentiles have a standard error of 0.6 % and 1.7 % of the spread, on the scale of the logarithm.
      const spread = Math.log(p99Ms / p50Ms)
      expect(Math.abs(Math.log(at(sorted, 0.5) / p50Ms))).toBeLessThan(0.02 * spread)
      expect(Math.abs(Math.log(at(sorted, 0.99) / p99Ms))).toBeLessThan(0.06 * spread)
      expect(sorted.every((ms) => ms > 0 && Number.isFinite(ms))).toBe(true)
    }
  }
})

test('the logarithm lies evenly around the median', () => {
  const sorted = times({ p50Ms: 10, p99Ms: 100 }, 3)
  for (const share of [0.01, 0.1, 0.25]) {
    expect(Math.log(at(sorted, 1 - share) / 10) / Math.log(10 / at(sorted, share))).toBeCloseTo(1, 1)
  }
})

test('a fixed time is fixed; without a median it takes no time; a percentile below the median is the median', () => {
  expect(new Set(times({ fixedMs: 40 }, 1, 100))).toEqual(new Set([40]))
  expect(new Set(times({ p50Ms: 0, p99Ms: 100 }, 1, 100))).toEqual(new Set([0]))
  expect(new Set(times({ p50Ms: 10, p99Ms: 4 }, 1, 100))).toEqual(new Set([10]))
})

test('the ends of the draws are times too', () => {
  for (const draw of [0, 1 - 2 ** -32]) {
    expect(workMs({ p50Ms: 10, p99Ms: 100 }, [draw, draw])).toBeGreaterThan(0)
    expect(workMs({ p50Ms: 10, p99Ms: 100 }, [draw, 0])).toBeLessThan(10_000)
  }
})
