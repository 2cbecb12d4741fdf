import { describe, expect, it } from 'vitest'
import type { Burst } from '#contracts/api/burst.ts'
import type { Redrive } from '#contracts/api/dead-letter.ts'
import { type ActsSight, auditEntry, publishEntries, runEntries } from './acts.ts'

const none: ActsSight = { bursts: [], redrives: [], published: {} }
const burst = (over: Partial<Burst>): Burst => ({
  ...{ id: 'burst-1', type: 'order_placed', state: 'running', startedAt: '2026-01-01T00:00:00.000Z' },
  ...{ ratePerSecond: 1_000, requested: 5_000, attempted: 0, acked: 0, failed: 0, indeterminate: 0, keysUsed: 0 },
  ...{ elapsedMs: 0, achievedPerSecond: 0, ackP50Ms: null, ackP99Ms: null },
  ...over,
})
const redrive = (over: Partial<Redrive>): Redrive => ({
  ...{ id: 'redrive-1', state: 'running', broker: 'local', selected: 27, willRun: ['consumer-db'] },
  ...{ selectedByGroup: {}, wouldFail: [], mayDuplicate: [], startedAt: '2026-01-01T00:00:00.000Z' },
  ...{ redriven: 0, copied: 0, failed: 0, gone: 0, refailed: 0 },
  ...over,
})
const entriesBetween = (before: Partial<ActsSight>, after: Partial<ActsSight>) =>
  runEntries({ ...none, ...before }, { ...none, ...after }).map(({ level, message }) => [level, message])

describe('what was asked of the lab', () => {
  it('logs the beginning and the end of a burst once, and warns of one that sent less than was asked', () => {
    const running = { bursts: [burst({})] }
    expect(entriesBetween({}, running)).toEqual([
      ['info', 'a burst of 5,000 order_placed messages began, 1,000 a second'],
    ])
    expect(entriesBetween(running, { bursts: [burst({ attempted: 10 })] })).toEqual([])
    expect(entriesBetween(running, { bursts: [burst({ state: 'done', attempted: 350, acked: 349 })] })).toEqual([
      ['warn', 'a burst ended: 350 of 5,000 order_placed attempted, 349 acknowledged'],
    ])
    expect(
      entriesBetween(running, { bursts: [burst({ state: 'done', attempted: 5_000, acked: 5_000 })] })[0]?.[0],
    ).toBe('info')
  })

  it('logs a redrive with its sum, and nothing of a canary', () => {
    const running = { redrives: [redrive({})] }
    expect(entriesBetween({}, running)).toEqual([['info', 'a redrive of 27 dead letters began, to consumer-db']])
    expect(entriesBetween(running, { redrives: [redrive({ state: 'awaiting_canary' })] })).toEqual([])
    expect(
      entriesBetween(running, {
        redrives: [redrive({ state: 'failed', redriven: 20, failed: 7, detail: 'no answer' })],
      }),
    ).toEqual([['warn', 'a redrive failed: 20 of 27 dead letters sent back, 7 not: no answer']])
  })

  it('logs single publishes in one entry, without those of bursts', () => {
    const after = { ...none, bursts: [burst({ acked: 100 })], published: { order_placed: 103, user_signup: 1 } }
    expect(publishEntries(none, after).map(({ message }) => message)).toEqual([
      '4 messages were published: order_placed 3, user_signup 1',
    ])
    expect(publishEntries(after, after)).toEqual([])
    expect(publishEntries(none, { ...none, published: { user_signup: 1 } })).toMatchObject([
      { message: '1 user_signup was published', subject: 'user_signup' },
    ])
  })

  it('says what an audit came to', () => {
    const verdict = { result: 'fail' as const, reasons: ['effect_differs: 3'] }
    expect(auditEntry({ verdict, tookMs: 2_140 })).toMatchObject({
      level: 'error',
      message: 'an audit of 2.1 s ended in fail: effect_differs: 3',
    })
  })
})
