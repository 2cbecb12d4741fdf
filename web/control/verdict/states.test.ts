import { describe, expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { obligationOf } from '../journeys/journey-record.ts'
import { epochMs, idOf, reportedLab, sequence } from './reported-lab.fixture.ts'

type Lab = ReturnType<typeof reportedLab>
const journeyOf = ({ context }: Lab, seq = 1) => {
  const found = context.ledger.find(idOf(seq))
  return found && context.traces.get(found.sequence, found.seq)
}
/** What journey and counts say of the obligation of consumer-db. */
function stateOf(lab: Lab): { journey: string; counts: Record<string, number> } {
  const journey = journeyOf(lab)
  const found = journey && obligationOf(journey, 'consumer-db')
  const { waiting, handling, retrying, delivered, deadLettered } = lab.context.ledger.groups.at('orders', 'consumer-db')
  const counts = Object.entries({ waiting, handling, retrying, delivered, deadLettered })
  return {
    journey: found?.state ?? 'none',
    counts: Object.fromEntries(counts.filter(([, count]) => count !== 0)),
  }
}
const message = { type: 'order_placed', version: 1, traceparent: '', time: '', body: '{}' }
const attempted = (epoch: number, seq: number, at: number): TelemetryRecord =>
  ({ kind: 'publish.attempted', at, ...sequence, epoch, messages: [{ seq, ...message }] }) as TelemetryRecord

describe('a publish', () => {
  it('L5 is indeterminate where its producer left it unanswered and has begun a newer epoch', () => {
    const lab = reportedLab()
    lab.tell(attempted(1, 1, epochMs))
    expect(lab.context.ledger.publishes.at('orders', 'order_placed')).toMatchObject({ attempted: 1, open: 1 })
    lab.tell(attempted(2, 1, epochMs + 10))
    expect(lab.context.ledger.publishes.at('orders', 'order_placed')).toMatchObject({
      ...{ attempted: 2, open: 1, indeterminate: 1 },
    })
    expect(journeyOf(lab)?.publish).toBe('indeterminate')
  })

  it('L8 is owed to every group that takes its type once the broker has it, and to none where it failed', () => {
    const lab = reportedLab()
    lab.published(1, 'failed')
    lab.published(2, 'indeterminate')
    const owedTo = (group: string) => lab.context.ledger.groups.at('orders', group).owed
    expect([owedTo('consumer-email'), owedTo('consumer-db')]).toEqual([0, 0])
    lab.published(3)
    expect([owedTo('consumer-email'), owedTo('consumer-db')]).toEqual([1, 1])
    lab.started(2, 1, epochMs + 5)
    expect([owedTo('consumer-email'), owedTo('consumer-db')]).toEqual([2, 2])
  })
})

describe('an obligation', () => {
  it('L9 is handled and delivered, and waits for its retry in between', () => {
    const lab = reportedLab()
    lab.published(1)
    expect(stateOf(lab).counts).toEqual({ waiting: 1 })
    lab.started(1, 1, epochMs + 5)
    expect(stateOf(lab)).toEqual({ journey: 'handling', counts: { handling: 1 } })
    lab.ended(1, 1, epochMs + 6, 'consumer-db', {
      ...{ outcome: 'error', effect: undefined, error: { type: 'Error', message: 'no' } },
      next: { state: 'retrying', dueAt: epochMs + 100 },
    })
    expect(stateOf(lab)).toEqual({ journey: 'retrying', counts: { retrying: 1 } })
    lab.started(1, 2, epochMs + 100)
    expect(stateOf(lab)).toEqual({ journey: 'handling', counts: { handling: 1 } })
    lab.ended(1, 2, epochMs + 101)
    expect(stateOf(lab)).toEqual({ journey: 'delivered', counts: { delivered: 1 } })
  })

  it('L11 waits again where the process that had it in flight is gone', () => {
    const lab = reportedLab()
    lab.context.processes.heard('consumer-db-1', 'a', epochMs, epochMs)
    lab.published(1)
    lab.started(1, 1, epochMs + 5)
    lab.tell({
      ...{ kind: 'process.ended', at: epochMs + 9, service: 'consumer-db', instance: 'consumer-db-1' },
      ...{ incarnation: 'a', how: 'SIGKILL' },
    })
    expect(stateOf(lab)).toEqual({ journey: 'waiting', counts: { waiting: 1 } })
  })

  it('L12 waits again where its dead letter was sent back', () => {
    const lab = reportedLab()
    lab.published(1)
    lab.started(1, 1, epochMs + 5)
    lab.settled(1, 'dead_lettered', epochMs + 7)
    expect(stateOf(lab)).toEqual({ journey: 'dead_lettered', counts: { deadLettered: 1 } })
    for (const phase of ['sending', 'stored'] as const) {
      lab.tell({ kind: 'delivery.redriven', at: epochMs + 9, group: 'consumer-db', phase, ids: [idOf(1)] })
    }
    expect(stateOf(lab)).toEqual({ journey: 'waiting', counts: { waiting: 1 } })
  })
})
