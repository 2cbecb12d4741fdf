import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createActivityLog } from './activity-log.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function open() {
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line).msg) })
  return { log, lines, activity: createActivityLog(log) }
}

test('few events have a line each', () => {
  const { log, lines, activity } = open()
  for (let second = 0; second < 3; second += 1) {
    activity.handled(log, 'order_placed', `order_placed ${second} → row`, 12.34)
    vi.advanceTimersByTime(1_000)
  }
  expect(lines).toEqual([
    'order_placed 0 → row (12 ms)',
    'order_placed 1 → row (12 ms)',
    'order_placed 2 → row (12 ms)',
  ])
})

test('many events are one line per second and type, and single lines come back after a quiet second', () => {
  const { log, lines, activity } = open()
  const burst = (count: number) => {
    for (let i = 0; i < count; i += 1) activity.handled(log, 'order_placed', `order_placed ${i} → row`, i)
    vi.advanceTimersByTime(1_000)
  }
  burst(312)
  expect(lines).toHaveLength(51)
  expect(lines[50]).toBe('262 more order_placed handled in 1.0 s, p95 298 ms')
  burst(100)
  expect(lines.slice(51)).toEqual(['100 order_placed handled in 1.0 s, p95 94 ms'])
  burst(1)
  expect(lines.slice(52)).toEqual(['1 order_placed handled in 1.0 s, p95 0.0 ms'])
  burst(1)
  expect(lines.slice(53)).toEqual(['order_placed 0 → row (0.0 ms)'])
})

test('errors beyond the limit are counted by kind', () => {
  const { log, lines, activity } = open()
  for (let i = 0; i < 70; i += 1) activity.failed(log, 'CardDeclined', `order_placed ${i} ✗`)
  activity.flush()
  expect(lines).toHaveLength(51)
  expect(lines[50]).toMatch(/^20 more attempts failed with CardDeclined in /)
})
