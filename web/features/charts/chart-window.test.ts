import { expect, test } from 'vitest'
import { chartWindowOf, movedSpan, rowAt, spanBetween } from './chart-window.ts'

const whole = { from: 0, to: 60_000 }

test('a span is dragged in either direction and stays within the window', () => {
  expect(spanBetween(30_000, 10_000, whole)).toEqual({ from: 10_000, to: 30_000 })
  expect(spanBetween(50_000, 90_000, whole)).toEqual({ from: 50_000, to: 60_000 })
  expect(spanBetween(10_000, 11_000, whole)).toBeUndefined()
})

test('a span that is moved keeps its length', () => {
  expect(movedSpan({ from: 10_000, to: 30_000 }, 50_000, whole)).toEqual({ from: 40_000, to: 60_000 })
  expect(movedSpan({ from: 10_000, to: 30_000 }, -50_000, whole)).toEqual({ from: 0, to: 20_000 })
})

test('an unknown window is the usual one, and a moment has the row before it', () => {
  expect(chartWindowOf('2 years').seconds).toBe(300)
  expect(chartWindowOf('24h').seconds).toBe(86_400)
  expect(rowAt([{ at: 1 }, { at: 3 }], 2)).toEqual({ at: 1 })
  expect(rowAt([{ at: 1 }], 0)).toBeUndefined()
})
