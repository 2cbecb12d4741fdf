import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { held, openFaultsOf } from './faults.fixture.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the first hit is reported at once, later ones together once a second, the last ones when it goes', () => {
  const fault = held('handler.error')
  const { active, records } = openFaultsOf(fault)
  for (const id of ['a', 'b', 'c']) active.hit(fault, id)
  expect(records).toMatchObject([{ fault: fault.id, hits: 1, messages: ['a'], instance: 'consumer-test-1' }])
  vi.advanceTimersByTime(1_000)
  expect(records[1]).toMatchObject({ hits: 3, messages: ['b', 'c'] })
  active.hit(fault, 'd')
  active.take([])
  expect(records[2]).toMatchObject({ hits: 4, messages: ['d'] })
  vi.advanceTimersByTime(5_000)
  expect(records).toHaveLength(3)
})

test('at most twenty messages are named in a report', () => {
  const fault = held('handler.error')
  const { active, records } = openFaultsOf(fault)
  for (let n = 0; n < 50; n += 1) active.hit(fault, `m-${n}`)
  vi.advanceTimersByTime(1_000)
  expect(records.at(-1)?.hits).toBe(50)
  expect(records.at(-1)?.messages).toHaveLength(20)
})

test('a fault whose time is over does nothing, also where nobody took it away', () => {
  const { active } = openFaultsOf(held('handler.error', { endsAt: Date.now() + 100 }))
  expect(active.of('handler.error')).toHaveLength(1)
  vi.advanceTimersByTime(100)
  expect(active.of('handler.error')).toEqual([])
})

test('faults concern their event type, and the victims that their seed draws', () => {
  const { active } = openFaultsOf(
    held('handler.error', { id: 'one', eventType: 'user_signup' }),
    held('handler.error', { id: 'half', percent: 50, seed: 3 }),
  )
  expect(active.of('handler.error', 'order_placed').map(({ id }) => id)).toEqual(['half'])
  const hits = Array.from(
    { length: 200 },
    (_, n) => active.hitting('handler.error', { id: `p-1:1:t:${n + 1}`, type: 't' }).length,
  )
  const victims = hits.filter((count) => count === 1).length
  expect(victims).toBeGreaterThan(60)
  expect(victims).toBeLessThan(140)
})
