import { afterEach, expect, test, vi } from 'vitest'
import { watchAbandonment } from './abandonment.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a run that is asked for lives on, and one that nobody asks for any more is abandoned once', () => {
  vi.useFakeTimers()
  const abandon = vi.fn()
  const { asked } = watchAbandonment(10_000, abandon)
  for (let turn = 0; turn < 10; turn += 1) {
    vi.advanceTimersByTime(9_000)
    asked()
  }
  expect(abandon).not.toHaveBeenCalled()
  vi.advanceTimersByTime(60_000)
  expect(abandon).toHaveBeenCalledOnce()
})

test('a run that has ended is not abandoned', () => {
  vi.useFakeTimers()
  const abandon = vi.fn()
  watchAbandonment(10_000, abandon).stop()
  vi.advanceTimersByTime(60_000)
  expect(abandon).not.toHaveBeenCalled()
})
