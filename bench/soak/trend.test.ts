import { describe, expect, test } from 'vitest'
import { type Reading, trendOf } from './trend.ts'

const hour = 3_600_000
const every = 5_000
const readings = (value: (index: number) => number): Reading[] =>
  Array.from({ length: hour / every }, (_, index) => ({ at: index * every, value: value(index) }))

describe('the line through the floors', () => {
  test('finds a leak below the saw of a collected heap', () => {
    const trend = trendOf(readings((index) => 100 + (index * 60) / 720 + (index % 20) * 5))
    expect(trend?.slopePerHour).toBeGreaterThan(50)
    expect(trend?.slopePerHour).toBeLessThan(70)
    expect(trend?.growth).toBeCloseTo(((trend?.slopePerHour ?? 0) * 2) / 3, 0)
  })

  test('finds none in a saw alone, nor in a warm-up, nor in one odd stretch', () => {
    expect(trendOf(readings((index) => 100 + (index % 20) * 5))?.growth).toBe(0)
    expect(trendOf(readings((index) => Math.min(index, 200)))?.growth).toBe(0)
    expect(trendOf(readings((index) => (index > 600 && index < 700 ? 900 : 100)))?.growth).toBe(0)
  })

  test('says nothing of what was hardly watched', () => {
    expect(trendOf([])).toBeUndefined()
    expect(trendOf(readings(() => 1).slice(0, 5))).toBeUndefined()
  })
})
