import { describe, expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { epochMs, idOf, reportedLab } from './reported-lab.fixture.ts'

describe('anomalies', () => {
  it('L23 lost_message: settled by nobody, and it was acknowledged at the broker', () => {
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

  it('L24 premature_commit: acknowledged at the broker before the end was reported', () => {
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
    expect(found('phantom_message'), 'its publish was reported late').toBeUndefined()
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
})
