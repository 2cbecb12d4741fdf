import { describe, expect, it } from 'vitest'
import type { Journey } from '#contracts/api/journey.ts'
import { journeyAt } from './journey-at.ts'

const begin = Date.parse('2026-01-02T03:04:05Z')
const iso = (ms: number): string => new Date(begin + ms).toISOString()
const error = { type: 'SmtpDown', message: 'no answer' }

/** Failed at 20, tried again at 60, delivered at 70, confirmed at 75. */
const journey: Journey = {
  ...{ id: 'producer-1:1:orders:1', type: 'order_placed', topic: 'orders', broker: 'local', payload: {}, raw: '{}' },
  headers: {},
  publish: { state: 'acked', attemptedAt: iso(0), ackedAt: iso(5), ref: 'sns-1' },
  obligations: [
    {
      ...{ group: 'consumer-db', state: 'delivered', receiveCount: 2, settledAt: iso(75) },
      attempts: [
        {
          attempt: 1,
          receiveCount: 1,
          instance: 'a',
          startedAt: iso(10),
          queueMs: 5,
          handlingMs: 10,
          outcome: 'error',
          error,
        },
        { attempt: 2, receiveCount: 2, instance: 'b', startedAt: iso(60), queueMs: 40, handlingMs: 10, outcome: 'ok' },
      ],
    },
  ],
  logs: [],
}

const obligationAt = (t: number, of = journey) => journeyAt(of, begin + t)?.obligations[0]

describe('a journey at a moment', () => {
  it('is not there before its publish, and not answered before its answer', () => {
    expect(journeyAt(journey, begin - 1)).toBeUndefined()
    expect(journeyAt(journey, begin + 4)?.publish).toEqual({ state: 'attempted', attemptedAt: iso(0) })
    expect(journeyAt(journey, begin + 5)?.publish).toEqual(journey.publish)
  })

  it('has the runs that had begun, without what they came to later', () => {
    expect(obligationAt(9)).toMatchObject({ state: 'waiting', attempts: [], receiveCount: 0 })
    expect(obligationAt(10)).toMatchObject({ state: 'handling', attempts: [{ attempt: 1 }], receiveCount: 1 })
    expect(obligationAt(19)?.attempts[0]).not.toHaveProperty('error')
    expect(obligationAt(20)).toMatchObject({ state: 'retrying', attempts: [{ outcome: 'error' }] })
    expect(obligationAt(65)).toMatchObject({ state: 'handling', attempts: [{}, { attempt: 2 }] })
    expect(obligationAt(70)).toMatchObject({ state: 'delivered' })
    expect(obligationAt(70)).not.toHaveProperty('settledAt')
    expect(obligationAt(75)).toEqual(journey.obligations[0])
  })

  it('goes by the ledger where that is known, and waits again after a crash', () => {
    const exact = new Map([['consumer-db', 'lost' as const]])
    expect(journeyAt(journey, begin + 20, exact)?.obligations[0]?.state).toBe('lost')
    const [first] = journey.obligations[0]?.attempts ?? []
    if (!first) throw new Error('the journey has a run')
    const { handlingMs: _, error: __, ...run } = first
    const crashed: Journey = {
      ...journey,
      obligations: [
        {
          ...{ group: 'consumer-db', state: 'waiting', receiveCount: 1 },
          attempts: [{ ...run, outcome: 'interrupted', endedBy: { how: 'SIGKILL', at: iso(15) } }],
        },
      ],
    }
    expect(obligationAt(14, crashed)).toMatchObject({ state: 'handling' })
    expect(obligationAt(14, crashed)?.attempts[0]).not.toHaveProperty('endedBy')
    expect(obligationAt(15, crashed)).toEqual(crashed.obligations[0])
  })
})
