import { describe, expect, it } from 'vitest'
import { type Burst, burstInput } from '#contracts/api/burst.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { readDraft } from '../../form/read-draft.ts'
import { type BurstDraft, burstBodyOf, firstBurst, variationsOf } from './burst-form-model.ts'
import { emptySeries, seriesPoints, withFigures } from './burst-series.ts'
import { burstView, shortfall } from './burst-view.ts'

it('shows a burst that sent a small part of what was asked as short, not as done', () => {
  const sent = (attempted: number, state: Burst['state'] = 'done'): Burst => ({
    ...{ id: 'burst-1', type: 'order_placed', state, startedAt: '2026-01-01T00:00:00.000Z', keysUsed: 1 },
    ...{ ratePerSecond: 10_000, requested: 100_000, attempted, acked: attempted, failed: 0, indeterminate: 0 },
    ...{ elapsedMs: 10_000, achievedPerSecond: attempted / 10, ackP50Ms: null, ackP99Ms: null },
  })
  expect(burstView(sent(7_000))).toMatchObject({ tone: 'retrying', word: 'Ended short' })
  expect(shortfall(sent(7_000))).toMatch(/^Sent 7\.0 % of what was asked: 7,000 of 100,000\./)
  expect(burstView(sent(100_000))).toMatchObject({ tone: 'delivered', word: 'Done' })
  expect(shortfall(sent(7_000, 'running'))).toBeUndefined()
  expect(burstView({ ...sent(100_000), failed: 3 })).toMatchObject({ tone: 'retrying' })
})

describe('burstBodyOf', () => {
  const about = { type: 'order_placed', data: { orderId: 'o-1' } }
  const read = (patch: Partial<BurstDraft> = {}) =>
    readDraft(burstInput, burstBodyOf({ ...firstBurst, ...patch }, about))

  it('reads count or duration, with separators', () => {
    expect(read()).toEqual({ input: { ...about, count: 5000, ratePerSecond: 250, keys: 200 }, errors: {} })
    expect(read({ stopAfter: 'duration', seconds: '1.5', keys: '' })).toEqual({
      input: { ...about, durationMs: 1500, ratePerSecond: 250 },
      errors: {},
    })
  })

  it('says what each field takes, and has no input', () => {
    expect(read({ count: '1.5', rate: 'fast', keys: '0' })).toEqual({
      errors: {
        '/count': 'a whole number from 1 to 10,000,000',
        '/ratePerSecond': 'a number from 0.1 to 100,000',
        '/keys': 'a whole number from 1 to 1,000,000',
      },
    })
    expect(read({ stopAfter: 'duration', seconds: '' })).toEqual({
      errors: { '/durationMs': expect.stringMatching(/^seconds from 0\.1 to /) },
    })
  })
})

it('says how each field is varied', () => {
  const order = builtInEventTypes.find((type) => type.name === 'order_placed')
  if (!order) throw new Error('order_placed is gone')
  expect(variationsOf(order, order.example, false).map(({ field, how }) => [field, how])).toEqual([
    ['orderId', 'new uuid each'],
    ['email', 'new address each'],
    ['items', 'as in the template'],
    ['total', 'as in the template'],
  ])
  expect(variationsOf(order, order.example, true)[0]?.how).toBe('one per key')
})

describe('withFigures', () => {
  it('makes the rate of the last second', () => {
    let series = emptySeries
    for (let tick = 1; tick <= 12; tick++) series = withFigures(series, { elapsedMs: tick * 250, acked: tick * 60 })
    expect(series.points[0]).toEqual({ at: 0, rate: 0 })
    expect(series.points.at(-1)).toEqual({ at: 3, rate: 240 })
    expect(withFigures(series, { elapsedMs: 3000, acked: 999 })).toBe(series)
  })

  it('stays bounded however long the burst lasts', () => {
    let series = emptySeries
    for (let tick = 1; tick <= 20_000; tick++) series = withFigures(series, { elapsedMs: tick * 250, acked: tick })
    expect(series.points.length).toBeLessThanOrEqual(seriesPoints)
    expect(series.samples.length).toBeLessThan(20)
    expect(series.points.at(-1)?.at).toBe(5000)
  })
})
