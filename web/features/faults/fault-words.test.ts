import { describe, expect, it } from 'vitest'
import { faultWith } from './fault.fixture.ts'
import { askedFor, badgeText, faultTime, strongest, targetText } from './fault-words.ts'
import { leftWords } from './healing.ts'
import { lagSince } from './lag-since.ts'

const at = (second: number): number => Date.parse('2026-01-01T12:00:00.000Z') + second * 1_000

describe('a fault in words', () => {
  it('names its target', () => {
    expect(targetText({ link: 'consumer-email->broker' })).toBe('consumer-email → broker')
    expect(targetText({ service: 'consumer-db', instance: 'consumer-db-2' })).toBe('consumer-db-2')
    expect(targetText({ service: 'consumer-db', eventType: 'order_placed' })).toBe('consumer-db, order_placed')
    expect(targetText({ broker: 'kafka' })).toBe('broker (kafka)')
  })

  it('says how far it is, and what is left of its time', () => {
    const timed = faultWith({ endsAt: '2026-01-01T12:00:30.000Z' })
    expect(faultTime(timed, at(20.6))).toEqual({ text: '20.6 of 30 s', leftMs: 9_400, share: 20_600 / 30_000 })
    expect(faultTime(timed, at(99))).toMatchObject({ text: '30.0 of 30 s', leftMs: 0, share: 1 })
    expect(faultTime(faultWith(), at(5))).toEqual({ text: '5.0 s, until healed' })
    expect(faultTime(faultWith({ state: 'scheduled' }), at(-12)).text).toBe('begins in 12.0 s')
  })

  it('has a badge for each state', () => {
    const down = faultWith({ type: 'link.reset_peer' })
    expect(badgeText(down, at(21.6))).toBe('reset peer 20.6 s')
    expect(badgeText({ ...down, state: 'scheduled' }, at(-3))).toBe('reset peer in 3.0 s')
    expect(badgeText({ ...down, state: 'healing' }, at(3))).toBe('reset peer, healing')
  })

  it('shows of several the one that is in effect', () => {
    const [healing, active] = [faultWith({ state: 'healing' }), faultWith({ state: 'active' })]
    expect(strongest([healing, active])).toBe(active)
    expect(strongest([])).toBeUndefined()
  })

  it('says what was asked for beyond its type', () => {
    expect(askedFor(faultWith({ params: { latencyMs: 500 }, percent: 50, direction: 'up', seed: 42 }))).toBe(
      'latencyMs 500, 50 %, only sent, seed 42',
    )
  })

  it('says what could not be healed, and nothing where all is', () => {
    expect(leftWords([faultWith({ state: 'healed' })])).toBeUndefined()
    const stuck = faultWith({ state: 'healing', reason: 'waits for consumer-db' })
    expect(leftWords([faultWith({ state: 'healed' }), stuck])).toBe(
      '1 of 2 are healed. Still healing: process.pause on consumer-db waits for consumer-db.',
    )
  })

  it('compares the lag with that at its beginning, where the charts reach back so far', () => {
    const point = (second: number, lag: number) => ({
      ...{ at: at(second), published: 0, delivered: {}, retries: {}, p50Ms: {}, p99Ms: {} },
      lag: { 'consumer-db': lag },
    })
    expect(lagSince(faultWith(), [point(0, 5), point(1, 7), point(9, 40)])).toEqual([
      { group: 'consumer-db', before: 7, after: 40 },
    ])
    expect(lagSince(faultWith(), [point(9, 40)])).toEqual([])
  })
})
