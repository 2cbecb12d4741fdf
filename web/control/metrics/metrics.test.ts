import { describe, expect, it } from 'vitest'
import { chartPoints, rateWindowMs } from '#contracts/api/live.ts'
import { newGroupCounts, PairCounts } from '../ledger/counters.ts'
import { Metrics } from './metrics.ts'
import { samplesPerSecond } from './rate-window.ts'

function meterAt() {
  let now = 1_000_000
  const groups = new PairCounts(newGroupCounts)
  const elsewhere = new Map<string, number>()
  const metrics = new Metrics({
    groups,
    elsewhere: () => elsewhere,
    oldestOpenAt: () => now - 700,
    effectOf: () => 'database',
    receives: (service) => service === 'payment',
    now: () => now,
  })
  return {
    metrics,
    groups,
    elsewhere,
    /** Passes time in steps of 250 ms, as the observatory samples. */
    pass(ms: number, each: () => void = () => {}): void {
      for (let passed = 0; passed < ms; passed += 250) {
        now += 250
        metrics.flow.at(now)
        each()
        metrics.sample()
      }
    },
    at: () => now,
  }
}

describe('metrics', () => {
  it('shows rates of the last seconds and forgets them when nothing flows', () => {
    const { metrics, pass } = meterAt()
    pass(5_000, () => {
      for (let n = 0; n < 25; n += 1) metrics.flow.published('producer', 'orders', 2)
    })
    expect(metrics.nodeFigures()['topic:orders']).toMatchObject({ ratePerSecond: 100, total: 500 })
    expect(metrics.edgeFigures()['producer:producer->topic:orders']?.p99Ms).toBeCloseTo(2, 1)
    pass(rateWindowMs)
    expect(metrics.nodeFigures()['topic:orders']).toMatchObject({ ratePerSecond: 0, total: 500 })
    pass(12_000)
    expect(metrics.edgeFigures()['producer:producer->topic:orders']?.p99Ms).toBeNull()
  })

  it.each([
    { what: 'one by one', every: 1, count: 2.5 },
    { what: 'in batches a second apart', every: 4, count: 10 },
    { what: 'in batches two seconds apart', every: 8, count: 20 },
  ])('keeps a steady ten a second steady, reported $what', ({ every, count }) => {
    const { metrics, pass } = meterAt()
    let [step, due] = [0, 0]
    const report = () => {
      step += 1
      if (step % every !== 0) return
      for (due += count; due >= 1; due -= 1) metrics.flow.published('producer', 'orders', 2)
    }
    const rates: number[] = []
    pass(2 * rateWindowMs, report)
    pass(20_000, () => {
      report()
      rates.push(metrics.nodeFigures()['topic:orders']?.ratePerSecond ?? Number.NaN)
    })
    // A batch more or less is within the window: no more than that.
    const batch = count / (rateWindowMs / 1_000)
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(10 - Math.max(batch, 0.4))
    expect(Math.max(...rates)).toBeLessThanOrEqual(10 + Math.max(batch, 0.4))
  })

  it('shows the rate of what flows for the first time after a second, and of what stood still over the window', () => {
    const { metrics, pass } = meterAt()
    const ten = () => {
      for (let n = 0; n < 10; n += 1) metrics.flow.published('producer', 'orders', 2)
    }
    const rate = () => metrics.nodeFigures()['topic:orders']?.ratePerSecond
    pass(1_000, ten)
    expect(rate()).toBe(40)
    pass(2 * rateWindowMs)
    expect(rate()).toBe(0)
    pass(rateWindowMs / 2, ten)
    expect(rate()).toBe(20)
    pass(rateWindowMs / 2, ten)
    expect(rate()).toBe(40)
  })

  it('counts what a consumer publishes with its topic and the edge from it, not as what it handled', () => {
    const { metrics, pass } = meterAt()
    pass(2_000, () => metrics.flow.published('payment', 'paid', 2))
    expect(metrics.nodeFigures()).toMatchObject({ 'topic:paid': { total: 8 } })
    expect(Object.keys(metrics.nodeFigures()).some((id) => id.endsWith(':payment'))).toBe(false)
    expect(metrics.edgeFigures()['consumer:payment->topic:paid']).toMatchObject({ total: 8 })
  })

  it('counts late telemetry in totals and not in rates', () => {
    const { metrics, pass, at } = meterAt()
    pass(2_000)
    metrics.flow.at(at() - 60_000)
    metrics.flow.delivered('consumer-db', 5)
    metrics.sample()
    expect(metrics.nodeFigures()['consumer:consumer-db']).toMatchObject({ ratePerSecond: 0, total: 1 })
  })

  it('reports percentiles within one part in a hundred', () => {
    const { metrics, pass } = meterAt()
    let ms = 0
    pass(1_000, () => {
      for (let n = 0; n < 250; n += 1) {
        ms += 1
        metrics.flow.handled('consumer-db', ms, false)
      }
    })
    pass(1_000)
    const { p50Ms, p99Ms } = metrics.nodeFigures()['consumer:consumer-db'] ?? {}
    expect(Math.abs((p50Ms ?? 0) / 500 - 1)).toBeLessThan(0.011)
    expect(Math.abs((p99Ms ?? 0) / 990 - 1)).toBeLessThan(0.011)
  })

  it('counts as lag only what is on the broker of now', () => {
    const { metrics, groups, elsewhere, pass } = meterAt()
    Object.assign(groups.at('orders', 'consumer-db'), { owed: 10, delivered: 3, deadLettered: 1 })
    pass(1_250)
    expect(metrics.charts.at(-1)?.lag).toEqual({ 'consumer-db': 6 })
    elsewhere.set('consumer-db', 4)
    pass(1_000)
    expect(metrics.charts.at(-1)?.lag).toEqual({ 'consumer-db': 2 })
  })

  it('shows what the broker counts, the oldest age, and five minutes of points', () => {
    const { metrics, pass } = meterAt()
    metrics.takeQueueDepths([{ group: 'consumer-db', visible: 4, inFlight: 3, delayed: 2, deadLetters: 1 }])
    pass(400_000)
    expect(metrics.nodeFigures()['queue:consumer-db']).toMatchObject({
      depth: 4,
      inFlight: 3,
      delayed: 2,
      oldestAgeMs: 700,
    })
    expect(metrics.nodeFigures()['dead_letter_queue:consumer-db-dead-letters']?.depth).toBe(1)
    expect(metrics.charts).toHaveLength(chartPoints)
    expect(metrics.sparks.get('queue:consumer-db')).toHaveLength(60)
  })

  it('counts what waits in retry topics there, and what comes and leaves by its offsets', () => {
    const { metrics, pass } = meterAt()
    const id = 'retry_topic:consumer-db.retry.1'
    const level = (came: number, waiting: number) => ({ group: 'consumer-db', level: 1, waiting, oldestMs: 400, came })
    metrics.takeQueueDepths([{ group: 'consumer-db', visible: 4, inFlight: 0, delayed: 30, deadLetters: 0 }])
    const take = (...retries: ReturnType<typeof level>[]) =>
      metrics.takePartitions({ retries, oldest: new Map([['consumer-db', 90]]) })
    take(level(1_000, 10))
    pass(1_000)
    take(level(1_050, 30))
    pass(1_000, () => {
      for (let n = 0; n < 10; n += 1) metrics.flow.taken('consumer-db', 5, n % 2 === 0)
    })
    expect(metrics.nodeFigures()[id]).toMatchObject({ depth: 30, oldestAgeMs: 400, total: 50 })
    expect(metrics.edgeFigures()[`consumer:consumer-db->${id}`]?.total).toBe(50)
    expect(metrics.edgeFigures()[`${id}->consumer:consumer-db`]?.total).toBe(30)
    expect(metrics.nodeFigures()['queue:consumer-db']).not.toHaveProperty('delayed')
    // The oldest that is unread, not the oldest that waits for another attempt.
    expect(metrics.nodeFigures()['queue:consumer-db']?.oldestAgeMs).toBe(90)
    // Of 40 that were taken, in the seven samples since the group was known, 20 were retries and came from the retry topics.
    const link = metrics.edgeFigures()['queue:consumer-db->consumer:consumer-db']
    expect(link?.retriesPerSecond).toBe(0)
    expect(link?.ratePerSecond).toBeCloseTo(20 / (7 / samplesPerSecond), 0)
    // Another broker has none.
    take()
    expect(metrics.nodeFigures()[id]).not.toHaveProperty('depth')
    expect(metrics.nodeFigures()['queue:consumer-db']).toMatchObject({ delayed: 30 })
  })
})
