import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDueTimes } from './due-times.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

function open() {
  const rung: number[] = []
  const times = createDueTimes(() => rung.push(Date.now() - 1_000_000), Date.now)
  return { times, rung }
}

test('many times need one timer, and each is reported', () => {
  const { times, rung } = open()
  for (let count = 0; count < 1_000; count += 1) times.add(3_000)
  times.add(1_000)
  times.add(12 * 3_600_000)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(12 * 3_600_000)
  expect(rung).toEqual([1_000, 3_000, 12 * 3_600_000])
  expect(vi.getTimerCount()).toBe(0)
})

test('a time is never reported before it comes, and what is due now is reported now', () => {
  const { times, rung } = open()
  times.add(0)
  expect(rung).toEqual([0])
  times.add(1_001)
  vi.advanceTimersByTime(1_000)
  expect(rung).toEqual([0])
  vi.advanceTimersByTime(250)
  expect(rung).toEqual([0, 1_250])
})

test('a time that is added while one is reported counts', () => {
  const rung: number[] = []
  const times = createDueTimes(() => {
    rung.push(Date.now() - 1_000_000)
    if (rung.length === 1) times.add(500)
  }, Date.now)
  times.add(1_000)
  times.add(2_000)
  vi.advanceTimersByTime(2_000)
  expect(rung).toEqual([1_000, 1_500, 2_000])
})

test('after its end it holds no timer and reports nothing', () => {
  const { times, rung } = open()
  times.add(1_000)
  times.close()
  expect(vi.getTimerCount()).toBe(0)
  times.add(0)
  times.add(1_000)
  vi.advanceTimersByTime(2_000)
  expect(rung).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
