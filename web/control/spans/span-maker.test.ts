import { describe, expect, it } from 'vitest'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { LabSpan } from '#monitoring/otlp/span-export.ts'
import { createSpanMaker, type SpannedMessage } from './span-maker.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const sendSpan = 'b7ad6b7169203331'
const id = 'producer-1:1:orders:7'
const publisher = { producer: 'producer-1', epoch: 1, topic: 'orders' }
const consumer = { group: 'consumer-db', instance: 'consumer-db-2' }

function attempted(parentSpanId?: string): TelemetryRecord {
  const traceparent = `00-${traceId}-${sendSpan}-01`
  const message = { seq: 7, type: 'orders', version: 1, traceparent, time: '2026-01-01T00:00:00Z', body: '{}' }
  return {
    ...{ kind: 'publish.attempted', at: 1_000, ...publisher },
    messages: [{ ...message, ...(parentSpanId === undefined ? {} : { parentSpanId }) }],
  }
}
const acked: TelemetryRecord = {
  ...{ kind: 'publish.settled', at: 1_005, ...publisher },
  outcomes: [{ seq: 7, state: 'acked', ref: '3@41' }],
}
const started: TelemetryRecord = {
  ...{ kind: 'delivery.started', at: 1_011, ...consumer },
  deliveries: [{ id, attempt: 1, receiveCount: 1, receivedAt: 1_010, ref: '3@41' }],
}
const ended = (outcome: 'ok' | 'error'): TelemetryRecord => ({
  ...{ kind: 'delivery.ended', at: 1_021, ...consumer },
  deliveries: [
    {
      ...{ id, attempt: 1, receiveCount: 1, startedAt: 1_011, endedAt: 1_020, outcome },
      ...(outcome === 'error' ? { error: { type: 'SmtpRefused', message: 'no such user' } } : {}),
    },
  ],
})
const settled: TelemetryRecord = { kind: 'delivery.settled', at: 1_025, ...consumer, settlement: 'acked', ids: [id] }

function open(flags = '01') {
  const spans: LabSpan[] = []
  const known = new Map<string, SpannedMessage>()
  const maker = createSpanMaker({ find: (one) => known.get(one), emit: (span) => spans.push(span) })
  return {
    spans,
    byName: () => Object.fromEntries(spans.map((span) => [span.name, span])),
    take(...records: TelemetryRecord[]) {
      for (const record of records) {
        if (record.kind !== 'publish.attempted') continue
        const traceparent = `00-${traceId}-${sendSpan}-${flags}`
        known.set(id, { traceparent, topic: 'orders', broker: 'kafka', attemptedAt: record.at })
      }
      maker.take(records)
    },
  }
}

describe('createSpanMaker', () => {
  it('makes send, receive, process and settle of one trace, with parents, link and attributes', () => {
    const { take, byName, spans } = open()
    take(attempted(), acked, started, ended('ok'), settled)
    const { 'send orders': send, 'receive orders': receive, 'process orders': process, 'ack orders': settle } = byName()
    expect(spans).toHaveLength(4)
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
    expect(send).toMatchObject({
      ...{ kind: 'producer', spanId: sendSpan, startedAt: 1_000, endedAt: 1_005 },
      ...{ service: 'producer', instance: 'producer-1' },
    })
    expect(send).not.toHaveProperty('parentSpanId')
    expect(receive).toMatchObject({ kind: 'client', parentSpanId: sendSpan, startedAt: 1_010, endedAt: 1_011 })
    expect(process).toMatchObject({
      ...{ kind: 'consumer', parentSpanId: sendSpan, linkedSpanId: sendSpan, startedAt: 1_011, endedAt: 1_020 },
      ...{ service: 'consumer-db', instance: 'consumer-db-2' },
      spanId: processSpanId({ id, group: 'consumer-db', attempt: 1, receiveCount: 1 }),
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'process',
        'messaging.operation.name': 'process',
        'messaging.destination.name': 'orders',
        'messaging.destination.partition.id': '3',
        'messaging.kafka.offset': 41,
        'messaging.consumer.group.name': 'consumer-db',
        'messaging.message.id': id,
        'faultline.attempt': 1,
        'faultline.receive_count': 1,
      },
    })
    expect(process).not.toHaveProperty('failure')
    expect(settle).toMatchObject({
      ...{ kind: 'client', parentSpanId: process?.spanId, startedAt: 1_021, endedAt: 1_025 },
      attributes: { 'messaging.operation.type': 'settle', 'messaging.operation.name': 'ack' },
    })
    expect(new Set(spans.map((span) => span.spanId)).size).toBe(4)
  })

  it('is a child of the caller whose trace is continued', () => {
    const { take, byName } = open()
    take(attempted('00f067aa0ba902b7'), acked)
    expect(byName()['send orders']).toMatchObject({ spanId: sendSpan, parentSpanId: '00f067aa0ba902b7' })
  })

  it('says what failed', () => {
    const { take, byName } = open()
    const failed = { seq: 7, state: 'failed' as const, error: { type: 'InvalidParameter', message: 'too long' } }
    take(attempted(), { kind: 'publish.settled', at: 1_005, ...publisher, outcomes: [failed] }, ended('error'))
    expect(byName()['send orders']).toMatchObject({
      failure: 'too long',
      attributes: { 'error.type': 'InvalidParameter' },
    })
    expect(byName()['process orders']).toMatchObject({
      failure: 'no such user',
      attributes: { 'error.type': 'SmtpRefused' },
    })
  })

  it('parks what a consumer reported before the publish was', () => {
    const { take, spans } = open()
    take(started, ended('ok'), settled)
    expect(spans).toHaveLength(0)
    take(attempted(), acked)
    expect(spans.map(({ name }) => name)).toEqual(['receive orders', 'process orders', 'ack orders', 'send orders'])
  })

  it('makes none of a trace that its caller does not sample', () => {
    const { take, spans } = open('00')
    take(attempted(), acked, started, ended('ok'), settled)
    expect(spans).toHaveLength(0)
  })
})
