import pino from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readUntilStored } from './read-until-stored.ts'

const lab = { eventTypes: [], subscriptions: [] }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function reading() {
  const world = { reason: 'the database still lacks 0002_second' as string | undefined, reads: 0, isStopped: false }
  const lines: { level: number; msg: string }[] = []
  const load = async () => {
    world.reads += 1
    if (world.reason !== undefined) throw new Error(world.reason)
    return lab
  }
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const stored = readUntilStored({ load }, log, Date.now)
  return { world, lines, stored, done: stored.read(() => world.isStopped) }
}

it('says why the store cannot be read, each reason once, until it can', async () => {
  const { world, lines, stored, done } = reading()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(world.reads).toBe(11)
  expect(stored.problem()).toBe('the database still lacks 0002_second')
  world.reason = 'Invalid call:\n  at\nthe database still lacks 0003_third'
  await vi.advanceTimersByTimeAsync(1_000)
  expect(stored.problem()).toBe('the database still lacks 0003_third')
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    [40, expect.stringContaining('0002_second')],
    [40, expect.stringContaining('0003_third')],
  ])
  world.reason = undefined
  await vi.advanceTimersByTimeAsync(100)
  expect(await done).toEqual(lab)
  expect(stored.problem()).toBeUndefined()
})

it('reads less often after a minute, and no more once it is stopped', async () => {
  const { world, done } = reading()
  await vi.advanceTimersByTimeAsync(60_000)
  const before = world.reads
  expect(before).toBeGreaterThan(500)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(world.reads - before).toBe(10)
  world.isStopped = true
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await done).toBeUndefined()
  expect(world.reads - before).toBe(10)
})
