import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawOf } from '../faults/victims.ts'
import { arrivalTimes, plannedArrivals } from './arrivals.ts'

const rate = fc.integer({ min: 1, max: 500 })
const duration = fc.integer({ min: 100, max: 20_000 })
const none = (): number => {
  throw new Error('constant arrivals draw nothing')
}

test('arrivals of every shape are in order, in their phase, and as many as planned', () => {
  fc.assert(
    fc.property(duration, rate, fc.option(rate, { nil: undefined }), (ms, from, to) => {
      const phase = { duration: ms, arrivalRate: from, ...(to === undefined ? {} : { rampTo: to }) }
      const times = [...arrivalTimes(phase, none)]
      expect(times).toHaveLength(plannedArrivals(phase))
      for (const [index, at] of times.entries()) {
        expect(at).toBeGreaterThanOrEqual(times[index - 1] ?? 0)
        expect(at).toBeLessThanOrEqual(ms)
      }
    }),
  )
})

test('a constant rate is even, a ramp has its rate at each moment, and a spike is as high as it says', () => {
  expect([...arrivalTimes({ duration: 1_000, arrivalRate: 4 }, none)]).toEqual([0, 250, 500, 750])
  const ramp = [...arrivalTimes({ duration: 10_000, arrivalRate: 0.1, rampTo: 100 }, none)]
  expect(ramp.filter((at) => at >= 4_500 && at < 5_500).length).toBeCloseTo(50, -1)
  const spike = [...arrivalTimes({ duration: 4_000, arrivalRate: 10, spike: { to: 200, at: 1_000, for: 2_000 } }, none)]
  expect(spike.filter((at) => at < 1_000)).toHaveLength(10)
  expect(spike.filter((at) => at >= 1_000 && at < 3_000)).toHaveLength(400)
  expect(spike.filter((at) => at >= 3_000)).toHaveLength(10)
})

test('Poisson arrivals have the rate that was asked for, uneven gaps, and the same times for the same draws', () => {
  const draws = (seed: number) => {
    let turn = 0
    return () => drawOf(seed, String(turn++))
  }
  const times = [...arrivalTimes({ duration: 60_000, arrivalRate: 50, arrivals: 'poisson' }, draws(1))]
  expect(times.length).toBeGreaterThan(2_750)
  expect(times.length).toBeLessThan(3_250)
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
  // Of exponential gaps both are the same.
  expect(deviation / mean).toBeGreaterThan(0.9)
  expect(deviation / mean).toBeLessThan(1.1)
  expect([...arrivalTimes({ duration: 60_000, arrivalRate: 50, arrivals: 'poisson' }, draws(1))]).toEqual(times)
  expect([...arrivalTimes({ duration: 60_000, arrivalRate: 50, arrivals: 'poisson' }, draws(2))]).not.toEqual(times)
})
