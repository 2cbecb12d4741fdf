import { describe, expect, it } from 'vitest'
import { serviceWith } from '#contracts/service.fixture.ts'
import { foreignEffects, foreignNotes } from '../verdict/foreign-effects.ts'
import { auditedLab, consumers, idOf, publish } from './audit.fixture.ts'
import type { EffectLookup } from './effect-lookup.ts'

const waitMs = 5_000
const payment = {
  ...serviceWith({
    name: 'consumer-db',
    receives: ['order_placed'],
    check: { sql: 'select 1 from charges where id = $1' },
  }),
  body: { kind: 'url' as const, url: 'http://127.0.0.1:1/' },
}
/** A world that has these effects. */
const holding = (ids: ReadonlySet<string>): EffectLookup => ({
  made: async (_, asked) => new Map(asked.map((id) => [id, ids.has(id)])),
})
const all = new Set(Array.from({ length: 10 }, (_, index) => idOf(index + 1)))

describe('effects of programs', () => {
  it('L58 are looked up by an audit where the lab file says how', async () => {
    const { audit, verified } = auditedLab({
      consumers: () => [...consumers.slice(0, 1), payment],
      lookup: holding(all),
    })
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({
      verdict: { result: 'pass' },
      checks: [{ group: 'consumer-db', looked: 10, made: 10 }],
    })
    expect([...verified]).toEqual([['consumer-db', 10]])
  })

  it('L58 that are not there are named, and fail', async () => {
    const { audit, verified } = auditedLab({
      consumers: () => [...consumers.slice(0, 1), payment],
      lookup: holding(new Set([...all].filter((id) => id !== idOf(4)))),
    })
    const report = await audit.run(waitMs)
    expect(report.verdict.result).toBe('fail')
    expect(report.disagreements).toMatchObject([
      { kind: 'effect_missing', weight: 'fail', group: 'consumer-db', count: 1, samples: [idOf(4)] },
    ])
    expect(verified.get('consumer-db')).toBe(9)
  })

  it('L58 leave the matter open where their check cannot be asked', async () => {
    const { audit } = auditedLab({
      consumers: () => [...consumers.slice(0, 1), payment],
      lookup: {
        made: async () => {
          throw new Error('relation "charges" does not exist')
        },
      },
    })
    const report = await audit.run(waitMs)
    expect(report.verdict.result).toBe('inconclusive')
    expect(report.disagreements).toMatchObject([
      { kind: 'witness_absent', group: 'consumer-db', detail: expect.stringContaining('charges') },
    ])
  })

  it('L58 that nobody looked at are never skipped in silence', () => {
    const { context, tell } = auditedLab()
    const run = { id: idOf(1), attempt: 2, receiveCount: 2, startedAt: 1_000, endedAt: 1_001, outcome: 'ok' as const }
    const who = { group: 'payment', instance: 'payment-1' }
    for (const seq of [11, 12, 13, 14]) {
      tell(...publish(seq, 'acked'), {
        ...{ kind: 'delivery.ended', at: 1_002, ...who },
        deliveries: [
          {
            ...{ ...run, id: idOf(seq), effect: { kind: 'row', ref: 'charges' } },
            ...(seq < 13 ? { reported: `row charges/${seq}` } : {}),
          },
        ],
      })
    }
    const notes = (verified: number): string[] => {
      const services = [...consumers, { ...payment, name: 'payment' }]
      return foreignNotes(foreignEffects(services, context.ledger.groups, new Map([['payment', verified]])))
    }
    expect(notes(0)).toEqual([
      'effects of 2 deliveries of payment are reported by it, not verified',
      'nobody looked at the effects of 2 deliveries of payment',
    ])
    expect(notes(1)).toEqual([
      'effects of 1 delivery of payment were looked up and found',
      'effects of 2 deliveries of payment are reported by it, not verified',
      'nobody looked at the effects of 1 delivery of payment',
    ])
    expect(notes(4)).toEqual(['effects of 4 deliveries of payment were looked up and found'])
  })
})

describe('chains', () => {
  it('L59 are not drained while an event of a handler is under way, wherever in the chain', async () => {
    const { audit, tell } = auditedLab()
    const emitted = { at: Date.now() - 10_000, producer: 'consumer-db-1', epoch: 1, topic: 'paid' }
    tell({
      ...{ kind: 'publish.attempted', ...emitted },
      messages: [{ seq: 1, type: 'paid', version: 1, traceparent: '', time: '', body: '{}', correlationId: idOf(1) }],
    })
    expect(await audit.run(0)).toMatchObject({ drained: false, undrained: [{ what: 'publishes', count: 1 }] })
    tell({ kind: 'publish.settled', ...emitted, outcomes: [{ seq: 1, state: 'failed' }] })
    expect(await audit.run(waitMs)).toMatchObject({ drained: true, verdict: { result: 'pass' } })
  })
})
