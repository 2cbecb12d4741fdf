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
    expect(waterfall.ticks.map(({ text }) => text)).toEqual(['0', '0.5', '1', '1.5', '2 s'])
    expect(waterfall.publish).toMatchObject({ took: '6 ms', bars: [{ left: 0, width: 0.3 }] })
    const [group] = waterfall.groups
    expect(group?.status).toMatchObject({ tone: 'retried', label: 'delivered after 3 attempts' })
    expect(group?.totalMs).toBe(1744)
    expect(group?.rows.map((row) => [row.label, row.note ?? '', row.planned ?? '', row.took])).toEqual([
      ['wait', '', '', '112 ms'],
      ['attempt 1', 'SmtpBusy', '', '313 ms'],
      ['backoff', '', '174', '191 ms'],
      ['attempt 2', 'timeout', '', '500 ms'],
      ['backoff', '', '366', '381 ms'],
      ['attempt 3', 'mail sent', '', '241 ms'],
    ])
    expect(group?.rows.map(({ error }) => error)).toEqual([
      ...[undefined, 'SmtpBusy', undefined, 'AttemptTimeout', undefined, undefined],
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
      ['dead-lettered', '', 'dead'],
    ])
  })

  it('draws a redrive as what it was: given up, held, sent back and by whom, a wait, the next attempt', () => {
    const failed = { outcome: 'error' as const, error: { type: 'CharacterNotInRepertoire', message: '' } }
    const attempts = [
      attempt({ from: 54, took: 31, queueMs: 48, ...failed }),
      attempt({ from: 276, took: 18, queueMs: 17, attempt: 2, ...failed }),
      attempt({ from: 118_376, took: 24, queueMs: 118_082, outcome: 'ok', effect: { kind: 'row', ref: 'users/1' } }),
    ]
    const redrive = {
      ...{ messageId: 'producer-1:3:order_placed:62877', redriveId: 'redrive-1', at: at(118_338), body: '{"a":1}' },
    }
    const redrives = [
      { ...redrive, group: 'consumer-email' },
      { ...redrive, group: 'consumer-db' },
    ]
    const waterfall = waterfallOf(journey([obligation({ attempts })]), start + 200_000, [], redrives)
    const [group] = waterfall.groups
    expect(group?.rows.map((row) => [row.label, row.note ?? '', row.took])).toEqual([
      ['wait', '', '48 ms'],
      ['attempt 1', 'CharacterNotInRepertoire', '31 ms'],
      ['backoff', '', '191 ms'],
      ['attempt 2', 'CharacterNotInRepertoire', '18 ms'],
      ['dead-lettered', '2 attempts', '–'],
      ['in dead letters', '', '1 min 58 s'],
      ['redriven by you', 'edited', '–'],
      ['wait', '', '38 ms'],
      ['attempt 3', 'row written', '24 ms'],
    ])
    // The long wait is cut out: what was done before and after it takes up the lane.
    expect(waterfall.cut?.width).toBe(12.5)
    const [first, second] = [group?.rows[1]?.bars[0], group?.rows[3]?.bars[0]]
    expect((second?.left ?? 0) - (first?.left ?? 0)).toBeGreaterThan(5)
    expect(waterfall.ticks.at(-1)?.text).toBe('1:58')
    for (const bar of group?.rows.flatMap(({ bars }) => bars) ?? []) {
      expect(bar.left + bar.width).toBeLessThanOrEqual(100.001)
    }
    expect(group?.rows.some(({ label, planned }) => label === 'backoff' && planned === undefined)).toBe(false)
  })

  it('draws a redrive whose copy was not taken yet, and one that failed once more', () => {
    const failed = { outcome: 'error' as const, error: { type: 'Late', message: '' } }
    const redrive = {
      ...{ messageId: 'producer-1:3:order_placed:62877', redriveId: 'redrive-1', group: 'consumer-email', at: at(400) },
    }
    const first = attempt({ from: 10, took: 5, ...failed })
    const labels = (over: Partial<Obligation>) =>
      waterfallOf(journey([obligation(over)]), start + 500, [], [redrive]).groups[0]?.rows.map(({ label }) => label)
    const sentBack = ['wait', 'attempt 1', 'dead-lettered', 'in dead letters', 'redriven by you', 'wait']
    expect(labels({ attempts: [first], state: 'waiting' })).toEqual(sentBack)
    const again = attempt({ from: 450, took: 5, ...failed })
    expect(labels({ attempts: [first, again], state: 'dead_lettered' })).toEqual([
      ...[...sentBack, 'attempt 2', 'dead-lettered'],
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
      '…',
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
