import { describe, expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { applyRecord } from '../journeys/apply/apply-record.ts'
import { journeyView } from '../journeys/journey-view.ts'
import { epochMs, idOf, other, place, reportedLab, sequence } from './told-lab.fixture.ts'

describe('anomalies', () => {
  it('L23 lost_message: settled by nobody, and the broker was told that it is done', () => {
    const { published, started, settled, tell, cover, look, found, context, ended } = reportedLab()
    context.processes.heard('consumer-db-1', 'a', epochMs, epochMs)
    published(1)
    started(1, 1, epochMs + 5)
    settled(1, 'acked', epochMs + 6)
    look()
    expect(found('lost_message'), 'nothing is judged before every source has reported past it').toBeUndefined()
    cover()
    look()
    expect(found('lost_message'), 'a handler that runs may still deliver it').toBeUndefined()
    tell({
      ...{ kind: 'process.ended', at: epochMs + 9, service: 'consumer-db', instance: 'consumer-db-1', how: 'SIGKILL' },
      incarnation: 'a',
    })
    look()
    expect(found('lost_message')).toMatchObject({
      count: 1,
      failing: 1,
      samples: [idOf(1)],
      groups: { 'consumer-db': 1 },
    })
    expect(context.ledger.groups.at('orders', 'consumer-db')).toMatchObject({ lost: 1, handling: 0, waiting: 0 })
    started(1, 2, epochMs + 30)
    ended(1, 2, epochMs + 31)
    expect(found('lost_message'), 'it turned up after all').toBeUndefined()
    expect(context.ledger.groups.at('orders', 'consumer-db')).toMatchObject({ lost: 0, delivered: 1 })
  })

  it('L10 L23 lost_message: a handler that says ok and did nothing, where the consumer owes an effect', () => {
    const { published, started, ended, settled, cover, look, found } = reportedLab()
    published(1)
    for (const group of ['consumer-db', 'consumer-email']) {
      started(1, 1, epochMs + 5, group)
      ended(1, 1, epochMs + 6, group, { effect: undefined })
      settled(1, 'acked', epochMs + 7, group)
    }
    cover()
    look()
    expect(found('lost_message')).toMatchObject({ count: 1, groups: { 'consumer-db': 1 } })
  })

  it('L20 L23 lost_message: not while telemetry of the group has a gap', () => {
    const { published, started, settled, cover, look, found, context } = reportedLab()
    context.health.addMissing('consumer-db', 1)
    published(1)
    started(1, 1, epochMs + 5)
    settled(1, 'acked', epochMs + 6)
    context.processes.heard('consumer-db-1', 'a', epochMs + 7, epochMs + 7)
    cover()
    look()
    expect([found('lost_message'), found('premature_commit'), context.suspicions.size]).toEqual([
      undefined,
      undefined,
      1,
    ])
  })

  it('L24 premature_commit: the broker was told before the end was reported', () => {
    const { published, started, ended, settled, found } = reportedLab()
    published(1)
    published(2)
    started(1, 1, epochMs + 5)
    settled(1, 'acked', epochMs + 6)
    ended(1, 1, epochMs + 7)
    started(2, 1, epochMs + 5)
    ended(2, 1, epochMs + 6)
    settled(2, 'acked', epochMs + 7)
    expect(found('premature_commit')).toMatchObject({ count: 1, samples: [idOf(1)] })
  })

  it('L19 L25 phantom_message: delivered, and every producer has reported past it without a word', () => {
    const { started, ended, published, cover, look, found } = reportedLab()
    started(7, 1, epochMs + 5)
    ended(7, 1, epochMs + 6)
    look()
    expect(found('phantom_message')).toBeUndefined()
    cover()
    look()
    look()
    expect(found('phantom_message')).toMatchObject({ count: 1, samples: [idOf(7)] })
    published(7)
    expect(found('phantom_message'), 'its publish was told of late').toBeUndefined()
  })

  it('L25 phantom_message: a message of a producer that does not exist, and it ends no epoch of a real one', () => {
    const { tell, published, cover, look, found, context } = reportedLab()
    const ids = ['ghost-1:1:orders:1', 'producer-1:9:orders:1']
    const deliveries = ids.map((id) => ({ id, attempt: 1, receiveCount: 1, receivedAt: epochMs }))
    const who = { group: 'consumer-db', instance: 'consumer-db-1' }
    tell({ kind: 'delivery.started', at: epochMs, ...who, deliveries })
    published(1)
    expect(context.ledger.publishes.at('orders', 'order_placed')).toMatchObject({ acked: 1, indeterminate: 0 })
    tell({ kind: 'gauges', at: epochMs + 6_000 } as TelemetryRecord)
    cover()
    look()
    expect(found('phantom_message')?.samples).toEqual(expect.arrayContaining(ids))
  })

  it('L26 aborted_read: a publish that failed was delivered, whichever is heard first', () => {
    const { published, started, found } = reportedLab()
    published(1, 'failed')
    started(1, 1, epochMs + 5)
    started(2, 1, epochMs + 5)
    published(2, 'failed')
    expect(found('aborted_read')).toMatchObject({ count: 2, samples: [idOf(1), idOf(2)] })
  })

  it('L27 duplicate_effect: fails where a single effect is promised, is counted where not, and a suppressed one is none', () => {
    const { published, started, ended, found } = reportedLab()
    for (const seq of [1, 2]) published(seq)
    for (const group of ['consumer-db', 'consumer-email']) {
      for (const receiveCount of [1, 2]) {
        started(1, receiveCount, epochMs + receiveCount * 5, group)
        ended(1, receiveCount, epochMs + receiveCount * 5 + 1, group)
      }
    }
    started(2, 1, epochMs + 5)
    ended(2, 1, epochMs + 6)
    started(2, 2, epochMs + 7)
    ended(2, 2, epochMs + 8, 'consumer-db', { effect: { kind: 'row', ref: 'orders/2', suppressed: true } })
    expect(found('duplicate_effect')).toMatchObject({
      ...{ count: 2, failing: 1, samples: [idOf(1)] },
      samplesByGroup: { 'consumer-db': [idOf(1)], 'consumer-email': [idOf(1)] },
    })
  })

  it('L27 duplicate_effect: not where who found the effect is heard before who made it', () => {
    const { published, started, ended, found } = reportedLab()
    const row = { kind: 'row' as const, ref: 'orders/1' }
    published(1)
    started(1, 1, epochMs + 5)
    started(1, 2, epochMs + 6)
    ended(1, 2, epochMs + 8, 'consumer-db', { effect: { ...row, suppressed: true } })
    ended(1, 1, epochMs + 7, 'consumer-db', { effect: row })
    expect(found('duplicate_effect')).toBeUndefined()
    started(1, 3, epochMs + 9)
    ended(1, 3, epochMs + 10, 'consumer-db', { effect: row })
    expect(found('duplicate_effect')).toMatchObject({ count: 1, failing: 1 })
  })

  it('L28 double_settlement: delivered and dead-lettered, unless it was sent back', () => {
    const { published, started, ended, settled, tell, cover, look, found, context } = reportedLab()
    for (const seq of [1, 2]) {
      published(seq)
      started(seq, 1, epochMs + 5)
      ended(seq, 1, epochMs + 6, 'consumer-db', { outcome: 'error', effect: undefined })
      settled(seq, 'dead_lettered', epochMs + 7)
    }
    const redriven = { kind: 'delivery.redriven' as const, group: 'consumer-db', ids: [idOf(2)] }
    tell({ ...redriven, at: epochMs + 8, phase: 'sending' })
    for (const seq of [1, 2]) {
      started(seq, 2, epochMs + 9)
      ended(seq, 2, epochMs + 10)
    }
    tell({ ...redriven, at: epochMs + 11, phase: 'stored' })
    cover()
    look()
    expect(found('double_settlement')).toMatchObject({ count: 1, samples: [idOf(1)] })
    expect(context.ledger.groups.at('orders', 'consumer-db')).toMatchObject({
      delivered: 2,
      deadLettered: 0,
      parked: 1,
    })
    expect(found('duplicate_delivery')?.samples).toEqual([idOf(1)])
  })

  it('L28 double_settlement: not where a later delivery failed by itself and was given up', () => {
    const { published, started, ended, settled, cover, look, found } = reportedLab()
    for (const seq of [1, 2]) {
      published(seq)
      started(seq, 1, epochMs + 5)
      // Its acknowledgement never reached the broker, which gives it out again.
      ended(seq, 1, epochMs + 6)
      started(seq, 2, epochMs + 7)
    }
    const failed = { outcome: 'error' as const, effect: undefined }
    ended(1, 2, epochMs + 8, 'consumer-db', { ...failed, next: { state: 'dead_lettered', reason: 'max_attempts' } })
    // This one found the row and was given up all the same.
    ended(2, 2, epochMs + 8)
    for (const seq of [1, 2]) settled(seq, 'dead_lettered', epochMs + 9)
    cover()
    look()
    expect(found('double_settlement')).toMatchObject({ count: 1, samples: [idOf(2)] })
  })

  it('L13 L23 lost_message: committed before it was handed out, and handed out after all, which is not a second time', () => {
    const { published, started, ended, settled, cover, look, found } = reportedLab()
    published(1)
    settled(1, 'acked', epochMs + 5)
    cover()
    look()
    expect(found('lost_message')).toMatchObject({ count: 1 })
    started(1, 1, epochMs + 6)
    ended(1, 1, epochMs + 7)
    expect([found('lost_message'), found('duplicate_delivery')]).toEqual([undefined, undefined])
    expect(found('premature_commit')).toMatchObject({ count: 1 })
  })

  it('L12 a dead letter that fails again before its copy is told to be stored stays one, with a handler run or without', () => {
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
    // The third was seen in the queue before its worker had told that it put it there.
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
    // The broker was never told: it gives the message out when it finds its consumer gone.
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

  it('L29 early_retry: not where a redelivery stands between, or a second copy was to come sooner', () => {
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

  it('L31 duplicate_write: the same message stands in the broker twice', () => {
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

  it('L30 two copies of a message that come in one fetch are two deliveries, and nobody told anything twice', () => {
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
