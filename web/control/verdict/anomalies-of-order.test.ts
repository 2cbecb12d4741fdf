import { describe, expect, it } from 'vitest'
import { applyRecord } from '../journeys/apply/apply-record.ts'
import { journeyView } from '../journeys/journey-view.ts'
import { epochMs, idOf, other, place, reportedLab, sequence } from './reported-lab.fixture.ts'

describe('anomalies of retries, order and repetition', () => {
  it('L12 a dead letter that fails again before its copy is reported as stored stays one, with a handler run or without', () => {
    const { published, started, ended, settled, tell, cover, look, found, context } = reportedLab()
    const failed = { outcome: 'error' as const, effect: undefined }
    for (const seq of [1, 2, 3]) {
      published(seq)
      started(seq, 1, epochMs + 5)
      ended(seq, 1, epochMs + 6, 'consumer-db', failed)
    }
    for (const seq of [1, 2]) settled(seq, 'dead_lettered', epochMs + 7)
    const redriven = { kind: 'delivery.redriven' as const, group: 'consumer-db', ids: [idOf(1), idOf(2), idOf(3)] }
    tell({ ...redriven, at: epochMs + 8, phase: 'sending' })
    // The third was seen in the queue before its worker had reported that it put it there.
    settled(3, 'dead_lettered', epochMs + 7)
    started(1, 2, epochMs + 9)
    ended(1, 2, epochMs + 10, 'consumer-db', failed)
    for (const seq of [1, 2]) settled(seq, 'dead_lettered', epochMs + 11)
    tell({ ...redriven, at: epochMs + 12, phase: 'stored' })
    expect(context.ledger.groups.at('orders', 'consumer-db')).toMatchObject({ deadLettered: 2, parked: 2, waiting: 1 })
    expect(context.ledger.redriving.size).toBe(0)
    started(3, 2, epochMs + 13)
    ended(3, 2, epochMs + 14)
    cover()
    look()
    expect([found('double_settlement'), found('duplicate_delivery')]).toEqual([undefined, undefined])
  })

  it('L29 early_retry: ran before it was due though the broker held it back, by two clocks that differ', () => {
    const { published, started, ended, settled, found, context } = reportedLab()
    const retry = (seq: number, dueAt: number): void => {
      published(seq)
      started(seq, 1, epochMs + 5)
      const failure = { outcome: 'error' as const, effect: undefined, next: { state: 'retrying' as const, dueAt } }
      ended(seq, 1, epochMs + 6, 'consumer-db', failure)
      settled(seq, 'retrying', epochMs + 7)
    }
    retry(1, epochMs + 1_000)
    started(1, 2, epochMs + 500)
    retry(2, epochMs + 1_000)
    started(2, 2, epochMs + 1_001)
    // It was never settled at the broker: it gives the message out when it finds its consumer gone.
    published(3)
    started(3, 1, epochMs + 5)
    ended(3, 1, epochMs + 6, 'consumer-db', { outcome: 'error', next: { state: 'retrying', dueAt: epochMs + 1_000 } })
    started(3, 2, epochMs + 500)
    expect(found('early_retry')).toMatchObject({ count: 1, samples: [idOf(1)] })

    // The clock of the second replica is a minute behind that of the first.
    context.processes.heard('consumer-db-1', 'a', epochMs, epochMs + 1)
    context.processes.heard('consumer-db-2', 'b', epochMs - 60_000, epochMs + 1)
    retry(4, epochMs + 1_000)
    context.ledger.owe(context.ledger.sequence('producer-1', 1, 'orders'), 4, 'consumer-db')
    applyRecord(
      context,
      other,
      {
        ...{ kind: 'delivery.started', at: epochMs - 58_900, group: 'consumer-db', instance: 'consumer-db-2' },
        deliveries: [{ id: idOf(4), attempt: 2, receiveCount: 2, receivedAt: epochMs - 58_900 }],
      },
      place,
    )
    expect(found('early_retry')?.samples).toEqual([idOf(1)])
  })

  it('L29 early_retry: not if a redelivery is between, or a second copy was to come sooner', () => {
    const { published, started, ended, settled, found } = reportedLab()
    const failing = (dueAt: number) => ({
      ...{ outcome: 'error' as const, effect: undefined },
      next: { state: 'retrying' as const, dueAt },
    })
    published(1)
    // Two copies of the first attempt, begun at once; each is retried at a time of its own.
    started(1, 1, epochMs + 5)
    started(1, 1, epochMs + 6, 'consumer-db', { receiveCount: 2 })
    ended(1, 1, epochMs + 8, 'consumer-db', failing(epochMs + 400))
    settled(1, 'retrying', epochMs + 9)
    ended(1, 1, epochMs + 10, 'consumer-db', { ...failing(epochMs + 1_000), receiveCount: 2 })
    settled(1, 'retrying', epochMs + 11)
    started(1, 2, epochMs + 410, 'consumer-db', { receiveCount: 3 })
    expect(found('early_retry')).toBeUndefined()
    published(2)
    started(2, 1, epochMs + 5)
    ended(2, 1, epochMs + 8, 'consumer-db', failing(epochMs + 400))
    settled(2, 'retrying', epochMs + 9)
    started(2, 2, epochMs + 300)
    expect(found('early_retry')).toMatchObject({ count: 1, samples: [idOf(2)] })
  })

  it('L30 duplicate_delivery: again without a retry or a release', () => {
    const { published, started, ended, found } = reportedLab()
    for (const seq of [1, 2, 3]) published(seq)
    started(1, 1, epochMs + 5)
    ended(1, 1, epochMs + 6)
    started(1, 2, epochMs + 7)
    started(2, 1, epochMs + 5)
    started(2, 2, epochMs + 6)
    started(3, 1, epochMs + 5)
    ended(3, 1, epochMs + 6, 'consumer-db', { outcome: 'interrupted', effect: undefined })
    started(3, 2, epochMs + 7)
    expect(found('duplicate_delivery')).toMatchObject({ count: 2, failing: 0, samples: [idOf(1), idOf(2)] })
  })

  it('L31 duplicate_write: the same message is in the broker twice', () => {
    const { published, started, ended, found } = reportedLab()
    for (const seq of [1, 2]) published(seq)
    started(1, 1, epochMs + 5, 'consumer-db', { ref: '0@10' })
    ended(1, 1, epochMs + 6)
    started(1, 2, epochMs + 7, 'consumer-db', { ref: '0@11' })
    started(2, 1, epochMs + 5, 'consumer-db', { ref: '0@12' })
    ended(2, 1, epochMs + 6)
    started(2, 2, epochMs + 7, 'consumer-db', { ref: '0@12' })
    expect(found('duplicate_write')).toMatchObject({ count: 1, samples: [idOf(1)] })
  })

  it('L32 reordered_delivery: first handed out after a later one of its producer, by partition where there are any', () => {
    const { published, started, found } = reportedLab()
    for (const seq of [1, 2, 3, 4]) published(seq)
    started(2, 1, epochMs + 5)
    started(1, 1, epochMs + 6)
    started(1, 2, epochMs + 7)
    started(4, 1, epochMs + 8, 'consumer-email', { ref: '0@5' })
    started(3, 1, epochMs + 9, 'consumer-email', { ref: '1@5' })
    expect(found('reordered_delivery')).toMatchObject({ count: 1, samples: [idOf(1)] })
  })

  it('L32 reordered_delivery: a retry that follows a later one, and none where nothing came between', () => {
    const { published, started, ended, found } = reportedLab()
    for (const seq of [1, 2, 3]) published(seq)
    const failed = { outcome: 'error', next: { state: 'retrying', dueAt: epochMs + 7 }, effect: undefined } as const
    started(1, 1, epochMs + 5)
    ended(1, 1, epochMs + 6, 'consumer-db', failed)
    started(2, 1, epochMs + 7)
    started(1, 2, epochMs + 8)
    started(3, 1, epochMs + 9, 'consumer-email')
    ended(3, 1, epochMs + 10, 'consumer-email', failed)
    started(3, 2, epochMs + 11, 'consumer-email')
    expect(found('reordered_delivery')).toMatchObject({ count: 1, samples: [idOf(1)], groups: { 'consumer-db': 1 } })
  })

  it('L6 L33 recovered_publish: never answered, seen downstream, and none any more when the answer comes after all', () => {
    const { published, started, tell, found } = reportedLab()
    published(1, 'indeterminate')
    started(1, 1, epochMs + 5)
    expect(found('recovered_publish')).toMatchObject({ count: 1, samples: [idOf(1)] })
    tell({ kind: 'publish.settled', at: epochMs + 9, ...sequence, outcomes: [{ seq: 1, state: 'acked' }] })
    expect(found('recovered_publish')).toBeUndefined()
  })

  it('L34 fenced_commit: the broker refused a settlement', () => {
    const { published, started, ended, settled, found, context } = reportedLab()
    published(1)
    started(1, 1, epochMs + 5)
    ended(1, 1, epochMs + 6)
    settled(1, 'fenced', epochMs + 7)
    expect(found('fenced_commit')).toMatchObject({ count: 1, failing: 0, groups: { 'consumer-db': 1 } })
    const [journey] = [...context.traces.slots.all()]
    expect(journey && journeyView(journey, () => '').obligations).toContainEqual(
      expect.objectContaining({
        group: 'consumer-db',
        attempts: [expect.objectContaining({ fencedAt: expect.any(String) })],
      }),
    )
  })

  it('L1 a record that is reported twice changes nothing, and whoever did so is named', () => {
    const { published, started, ended, found, context } = reportedLab()
    published(1)
    started(1, 1, epochMs + 5)
    started(1, 1, epochMs + 5)
    ended(1, 1, epochMs + 6)
    ended(1, 1, epochMs + 6)
    expect([found('duplicate_effect'), found('duplicate_delivery')]).toEqual([undefined, undefined])
    expect([...context.health.repeated]).toEqual([['consumer-db-1', 2]])
    expect([...context.health.repeatedIds]).toEqual([['consumer-db-1', [idOf(1)]]])
    expect(context.ledger.groups.at('orders', 'consumer-db')).toMatchObject({ deliveries: 1, attempts: 1 })
  })

  it('L30 two copies of a message that come in one fetch are two deliveries, and nothing was reported twice', () => {
    const { published, tell, found, context } = reportedLab()
    published(1)
    const who = { group: 'consumer-db', instance: 'consumer-db-1' }
    const copy = { id: idOf(1), attempt: 1, receiveCount: 1 }
    const receivedAt = epochMs + 4
    const copies = ['0@1', '0@2'].map((ref) => ({ ...copy, receivedAt, ref }))
    const ends = copies.map(() => ({ ...copy, startedAt: epochMs + 5, endedAt: epochMs + 6, outcome: 'ok' as const }))
    tell({ kind: 'delivery.started', at: epochMs + 5, ...who, deliveries: copies })
    tell({ kind: 'delivery.ended', at: epochMs + 7, ...who, deliveries: ends })
    expect(context.ledger.groups.at('orders', 'consumer-db')).toMatchObject({ deliveries: 2, attempts: 2 })
    expect(found('duplicate_delivery')).toMatchObject({ count: 1 })
    expect(found('duplicate_write')).toMatchObject({ count: 1 })
    expect(context.health.repeated.size).toBe(0)
    tell({ kind: 'delivery.started', at: epochMs + 5, ...who, deliveries: copies })
    tell({ kind: 'delivery.ended', at: epochMs + 7, ...who, deliveries: ends })
    expect([...context.health.repeated]).toEqual([['consumer-db-1', 4]])
  })
})
