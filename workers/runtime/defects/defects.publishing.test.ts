import { describe, expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { PublishOutcome } from '#workers/broker/broker.ts'
import type { DefectiveBroker } from './defect.ts'
import { envelopeAt, idOf, planted } from './defects.fixture.ts'

describe('planted defects', () => {
  it('ack-unsent: what failed is reported as acknowledged, what is indeterminate stays so', async () => {
    const { defect, harmed } = planted('ack-unsent')
    const error = { type: 'Refused', message: 'nobody listens' }
    const outcomes: PublishOutcome[] = [
      { state: 'failed', error },
      { state: 'indeterminate', error },
    ]
    const broker: DefectiveBroker = {
      publish: async () => outcomes,
      subscribe: () => Promise.reject(new Error('unused')),
    }
    const results = await defect.broker?.(broker).publish([envelopeAt(1), envelopeAt(2)])
    expect(results?.map(({ state }) => state)).toEqual(['acked', 'indeterminate'])
    expect(harmed).toEqual([idOf(1)])
  })

  it('telemetry-twice: deliveries are reported again, gauges are not', () => {
    const { defect, harmed } = planted('telemetry-twice')
    const written: string[] = []
    const { write } =
      defect.telemetry?.({ write: (records) => void written.push(...records.map(({ kind }) => kind)) }) ?? {}
    const who = { at: 1, group: 'consumer-db', instance: 'consumer-db-1' }
    const run = { id: idOf(1), attempt: 1, receiveCount: 1, startedAt: 1, endedAt: 2, outcome: 'ok' as const }
    const records: TelemetryRecord[] = [
      { kind: 'delivery.ended', ...who, deliveries: [run] },
      { kind: 'delivery.settled', ...who, settlement: 'acked', ids: [idOf(1)] },
    ]
    write?.(records)
    expect(written).toEqual(['delivery.ended', 'delivery.settled', 'delivery.ended'])
    expect(harmed).toEqual([idOf(1)])
  })

  it('alter-body: what is sent is not what was to be sent', async () => {
    const { defect, harmed } = planted('alter-body')
    const sent: string[] = []
    const broker: DefectiveBroker = {
      async publish(envelopes) {
        sent.push(...envelopes.map(({ body }) => body))
        return []
      },
      subscribe: () => Promise.reject(new Error('unused')),
    }
    const bodies = ['{"email":"a@b.cc"}', '{"email":"c@d.ee"}']
    await defect.broker?.(broker).publish(bodies.map((body, index) => ({ ...envelopeAt(index + 1), body })))
    expect(sent).toEqual(['{"email":"altered@example.net"}', bodies[1]])
    expect(harmed).toEqual([idOf(1)])
  })

  const acks: DefectiveBroker = {
    publish: async (envelopes) => envelopes.map(({ id }): PublishOutcome => ({ state: 'acked', ref: id })),
    subscribe: () => Promise.reject(new Error('unused')),
  }
  const sequence = { producer: 'producer-1', epoch: 1, topic: 'order_placed' }

  it('skip-number: one in three is neither sent nor reported, and answered as acknowledged', async () => {
    const { defect, harmed } = planted('skip-number')
    const written: TelemetryRecord[] = []
    const { write } = defect.telemetry?.({ write: (records) => void written.push(...records) }) ?? {}
    const message = { type: 'order_placed', version: 1, traceparent: '', time: '', body: '{}' }
    write?.([
      { kind: 'publish.attempted', at: 1, ...sequence, messages: [1, 2, 3].map((seq) => ({ seq, ...message })) },
      { kind: 'publish.settled', at: 2, ...sequence, outcomes: [{ seq: 2, state: 'acked' }] },
    ])
    expect(written).toMatchObject([{ messages: [{ seq: 1 }, { seq: 3 }] }])
    expect(await defect.broker?.(acks).publish([1, 2, 3].map(envelopeAt))).toEqual([
      { state: 'acked', ref: idOf(1) },
      { state: 'acked', ref: 'never sent' },
      { state: 'acked', ref: idOf(3) },
    ])
    expect(harmed).toEqual([idOf(2)])
  })

  it('burst-lies: its last figures have more messages than it made', () => {
    const { defect, harmed } = planted('burst-lies')
    const written: TelemetryRecord[] = []
    const { write } = defect.telemetry?.({ write: (records) => void written.push(...records) }) ?? {}
    const figures = {
      ...{ kind: 'burst.progress' as const, at: 1, burstId: 'burst-1', attempted: 4, acked: 4, failed: 0 },
      ...{ indeterminate: 0, achievedPerSecond: 1, ackP50Ms: 1, ackP99Ms: 1, keysUsed: 0, elapsedMs: 1 },
    }
    write?.([
      { ...figures, state: 'running' },
      { ...figures, state: 'done' },
    ])
    expect(written).toMatchObject([{ attempted: 4 }, { attempted: 9, acked: 9 }])
    expect(harmed).toEqual(['burst-1'])
  })

  it('reuse-epoch: a process that was granted another publishes under the first', async () => {
    const { defect, harmed } = planted('reuse-epoch')
    expect(defect.epoch?.(1)).toBe(1)
    await defect.broker?.(acks).publish([envelopeAt(1)])
    expect(harmed).toEqual([])
    expect(defect.epoch?.(2)).toBe(1)
    await defect.broker?.(acks).publish([envelopeAt(1)])
    expect(harmed).toEqual([idOf(1)])
  })
})
