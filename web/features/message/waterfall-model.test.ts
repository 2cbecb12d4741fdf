import { describe, expect, it } from 'vitest'
import type { Attempt, Journey, Obligation } from '#contracts/api/journey.ts'
import { niceAxis } from './time-axis.ts'
import { waterfallOf } from './waterfall-model.ts'

const start = Date.parse('2026-01-02T03:04:05.000Z')
const at = (ms: number): string => new Date(start + ms).toISOString()

const attempt = (over: Partial<Attempt> & { from: number; took?: number }): Attempt => {
  const { from, took, ...rest } = over
  return {
    attempt: 1,
    receiveCount: 1,
    instance: 'consumer-email-1',
    startedAt: at(from),
    queueMs: 0,
    ...(took === undefined ? {} : { handlingMs: took }),
    ...rest,
  }
}

const obligation = (over: Partial<Obligation>): Obligation => ({
  group: 'consumer-email',
  state: 'delivered',
  receiveCount: 1,
  attempts: [],
  ...over,
})

const journey = (obligations: Obligation[], publish: Partial<Journey['publish']> = {}): Journey => ({
  id: 'producer-1:3:order_placed:62877',
  type: 'order_placed',
  topic: 'order_placed',
  broker: 'local',
  payload: {},
  raw: '{}',
  headers: {},
  publish: { state: 'acked', attemptedAt: at(0), ackedAt: at(6), ...publish },
  obligations,
  logs: [],
})

const error = { type: 'SmtpBusy', message: 'busy' }

describe('waterfallOf', () => {
  it('splits wait, handling and backoff as the mock does, on an axis of two seconds', () => {
    const attempts = [
      attempt({ from: 118, took: 313, queueMs: 112, outcome: 'error', error }),
      attempt({
        from: 622,
        took: 500,
        queueMs: 17,
        attempt: 2,
        receiveCount: 2,
        outcome: 'error',
        error: { type: 'AttemptTimeout', message: '' },
      }),
      attempt({
        from: 1503,
        took: 241,
        queueMs: 15,
        attempt: 3,
        receiveCount: 3,
        outcome: 'ok',
        effect: { kind: 'email', ref: '<x>' },
      }),
    ]
    const waterfall = waterfallOf(journey([obligation({ attempts })]), start + 60_000)
    expect(waterfall.ticks).toEqual(['0', '0.5', '1', '1.5', '2 s'])
    expect(waterfall.publish).toMatchObject({ took: '6 ms', bars: [{ left: 0, width: 0.3 }] })
    const [group] = waterfall.groups
    expect(group?.status).toMatchObject({ tone: 'retried', label: 'delivered after 3 attempts' })
    expect(group?.totalMs).toBe(1744)
    expect(group?.rows.map((row) => [row.label, row.note ?? '', row.took])).toEqual([
      ['wait', '', '112 ms'],
      ['attempt 1', 'SmtpBusy', '313 ms'],
      ['backoff', '', '174 + 17'],
      ['attempt 2', 'timeout', '500 ms'],
      ['backoff', '', '366 + 15'],
      ['attempt 3', 'mail sent', '241 ms'],
    ])
    const backoff = group?.rows[2]?.bars
    expect(backoff?.map((bar) => [bar.kind, Number(bar.left.toFixed(2)), Number(bar.width.toFixed(2))])).toEqual([
      ['backoff', 21.55, 8.7],
      ['wait', 30.25, 0.85],
    ])
  })

  it('shows a delivery after the effect as skipped, and it adds nothing to the total', () => {
    const row = { kind: 'row' as const, ref: 'orders/1' }
    const attempts = [
      attempt({ from: 61, took: 22, queueMs: 55, outcome: 'ok', effect: row }),
      attempt({
        from: 1210,
        took: 3,
        attempt: 1,
        receiveCount: 2,
        outcome: 'ok',
        effect: { ...row, suppressed: true },
      }),
    ]
    const [group] = waterfallOf(journey([obligation({ attempts })]), start + 60_000).groups
    expect(group?.totalMs).toBe(83)
    expect(group?.status.label).toBe('delivered')
    expect(group?.rows.map((line) => [line.label, line.note ?? '', line.glyph])).toEqual([
      ['wait', '', 'waiting'],
      ['attempt 1', 'row written', 'delivered'],
      ['delivery 2', 'skipped', 'skipped'],
    ])
  })

  it('shows one that failed as an attempt, also where it found the effect of an earlier one', () => {
    const row = { kind: 'row' as const, ref: 'orders/1' }
    const failed = { outcome: 'error' as const, error: { type: 'Late', message: '' } }
    const attempts = [
      attempt({ from: 10, took: 5, ...failed, effect: row }),
      attempt({ from: 40, took: 5, attempt: 2, receiveCount: 2, ...failed, effect: { ...row, suppressed: true } }),
    ]
    const [group] = waterfallOf(journey([obligation({ attempts, state: 'dead_lettered' })]), start + 60_000).groups
    expect(group?.rows.map((line) => [line.label, line.note ?? '', line.glyph])).toEqual([
      ['wait', '', 'waiting'],
      ['attempt 1', 'Late', 'retrying'],
      ['backoff', '', 'waiting'],
      ['attempt 2', 'Late', 'retrying'],
    ])
  })

  it('shows an interrupted attempt, and the time until it was handed out again as given back', () => {
    const attempts = [
      attempt({ from: 10, took: 5, outcome: 'interrupted' }),
      attempt({ from: 65, took: 5, queueMs: 40, receiveCount: 2, outcome: 'ok' }),
    ]
    const [group] = waterfallOf(journey([obligation({ attempts })]), start + 60_000).groups
    expect(group?.rows.map((row) => [row.label, row.note ?? '', row.took])).toEqual([
      ['wait', '', '0 ms'],
      ['attempt 1', 'interrupted', '5 ms'],
      ['given back', '', '50 ms'],
      ['attempt 2', 'done', '5 ms'],
    ])
  })

  it('lets what is open reach to now: a wait, a running attempt, a backoff that is not due', () => {
    const rows = (over: Partial<Obligation>, now: number) =>
      waterfallOf(journey([obligation(over)]), start + now).groups[0]?.rows.map((row) => [
        row.label,
        row.note ?? '',
        row.took,
      ])
    expect(rows({ state: 'waiting' }, 500)).toEqual([['wait', '', '…']])
    expect(rows({ state: 'handling', attempts: [attempt({ from: 10 })] }, 500)?.[1]).toEqual([
      'attempt 1',
      'running',
      '…',
    ])
    const failed = attempt({ from: 10, took: 10, outcome: 'error', error })
    expect(rows({ state: 'retrying', attempts: [failed], dueAt: at(820) }, 500)?.[2]).toEqual([
      'backoff',
      'due in 320 ms',
      '800 ms',
    ])
  })

  it('shows a publish that is not acknowledged', () => {
    const waterfall = waterfallOf(journey([], { state: 'indeterminate', ackedAt: undefined }), start + 100)
    expect(waterfall.publish).toMatchObject({ took: '–', glyph: 'indeterminate', note: 'indeterminate' })
    expect(waterfall.groups).toEqual([])
  })
})

it('rounds the axis up to four divisions that read well', () => {
  expect([0, 3, 8, 84, 401, 1_744, 9_999].map(niceAxis)).toEqual([0.4, 4, 8, 100, 800, 2_000, 10_000])
})
