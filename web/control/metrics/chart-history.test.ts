import { expect, test } from 'vitest'
import type { ChartPoint } from '#contracts/api/live.ts'
import { PastCharts } from './chart-history.ts'

const second = (at: number, part: Partial<ChartPoint> = {}): ChartPoint => ({
  at: at * 1_000,
  published: 0,
  delivered: {},
  retries: {},
  lag: {},
  p50Ms: {},
  p99Ms: {},
  ...part,
})

test('a step holds the mean of rates and the highest of what must not be hidden', () => {
  const history = new PastCharts()
  history.take(second(0, { published: 10, lag: { db: 3 }, p50Ms: { db: null }, p99Ms: { db: null } }))
  history.take(second(1, { published: 20, lag: { db: 90 }, p50Ms: { db: 8 }, p99Ms: { db: 40 } }))
  history.take(second(2, { published: 30, lag: { db: 5 }, p50Ms: { db: 10 }, p99Ms: { db: 20 } }))
  history.take(second(5))
  expect(history.since(900, 6_000)).toEqual({
    stepMs: 5_000,
    points: [
      { at: 2_000, published: 20, delivered: {}, retries: {}, lag: { db: 90 }, p50Ms: { db: 9 }, p99Ms: { db: 40 } },
    ],
  })
})

test('24 h are kept in fixed memory, and a longer span has longer steps', () => {
  const history = new PastCharts()
  const last = 26 * 3_600
  for (let at = 0; at <= last; at += 1) history.take(second(at))
  const now = last * 1_000
  for (const [seconds, stepMs] of [
    [3_600, 5_000],
    [21_600, 30_000],
    [86_400, 120_000],
  ] as const) {
    const answer = history.since(seconds, now)
    expect(answer.stepMs).toBe(stepMs)
    expect(answer.points.length).toBeGreaterThan(700)
    expect(answer.points.length).toBeLessThanOrEqual(720)
    expect(answer.points[0]?.at).toBeGreaterThanOrEqual(now - seconds * 1_000)
  }
})
