import { describe, expect, it } from 'vitest'
import { type BrokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { createWorkerMeters } from './worker-meters.ts'

function open(broker: BrokerName = defaultBroker) {
  const meters = createMeters('sidecar')
  const worker = createWorkerMeters(meters, 'consumer-db')
  return {
    take: (...records: TelemetryRecord[]) => worker.take(Buffer.from(JSON.stringify(records)), broker),
    takeBytes: (bytes: Uint8Array) => worker.take(bytes, broker),
    /** Samples of a metric as `{labels} value`, labels in order. */
    async samples(name: string): Promise<string[]> {
      const lines = (await meters.page()).split('\n').filter((line) => line.startsWith(`${name}{`))
      return lines.map((line) => line.slice(name.length)).sort()
    },
  }
}

const message = (seq: number) => ({
  seq,
  type: 'order_placed',
  version: 1,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  time: '2026-01-01T00:00:00Z',
  body: '{}',
})
const publish = (...seqs: number[]): TelemetryRecord => ({
  ...{ kind: 'publish.attempted', at: 1_000, producer: 'producer-1', epoch: 1, topic: 'orders' },
  messages: seqs.map(message),
})
const id = (seq: number) => `producer-1:1:orders:${seq}`
const place = { at: 2_000, group: 'consumer-db', instance: 'consumer-db-1' }
const started = (seq: number, attempt: number, receiveCount: number) => ({
  ...{ id: id(seq), attempt, receiveCount },
  receivedAt: 1_990,
})
const ended = { attempt: 1, receiveCount: 1, startedAt: 2_000, endedAt: 2_020 }

describe('createWorkerMeters', () => {
  it('counts sent messages by error and times each call once', async () => {
    const { take, samples } = open()
    take(publish(1, 2, 3))
    take({
      ...{ kind: 'publish.settled', at: 1_050, producer: 'producer-1', epoch: 1, topic: 'orders' },
      outcomes: [
        { seq: 1, state: 'acked' },
        { seq: 2, state: 'failed', error: { type: 'InvalidParameter', message: 'an endless text' } },
        { seq: 3, state: 'indeterminate', error: { type: 'TimeoutError', message: '' } },
      ],
    })
    const labels = 'messaging_system="aws_sqs",messaging_destination_name="orders",messaging_operation_name="send"'
    expect(await samples('messaging_client_sent_messages_total')).toEqual([
      `{${labels},error_type="InvalidParameter"} 1`,
      `{${labels},error_type="TimeoutError"} 1`,
      `{${labels}} 1`,
    ])
    expect(await samples('messaging_client_operation_duration_seconds_count')).toEqual([
      `{${labels},messaging_operation_type="send"} 1`,
    ])
    expect(await samples('messaging_client_operation_duration_seconds_sum')).toEqual([
      `{${labels},messaging_operation_type="send"} 0.05`,
    ])
  })

  it('distinguishes deliveries, retries and redeliveries', async () => {
    const { take, samples } = open('kafka')
    take({ kind: 'delivery.started', ...place, deliveries: [started(1, 1, 1), started(2, 1, 2), started(3, 2, 2)] })
    expect(await samples('messaging_client_consumed_messages_total')).toEqual([
      '{messaging_destination_name="orders",messaging_consumer_group_name="consumer-db",messaging_system="kafka",messaging_operation_name="receive",service_instance_id="consumer-db-1"} 3',
    ])
    const where = '{messaging_destination_name="orders",messaging_consumer_group_name="consumer-db"}'
    expect(await samples('faultline_retries_total')).toEqual([`${where} 1`])
    expect(await samples('faultline_redeliveries_total')).toEqual([`${where} 2`])
  })

  it('counts a dead letter when the broker has it, with the reason that the consumer gave', async () => {
    const { take, samples } = open()
    take({
      ...{ kind: 'delivery.ended', ...place },
      deliveries: [
        { id: id(1), ...ended, outcome: 'ok', effect: { kind: 'row', ref: 'orders/1' } },
        {
          ...{ id: id(2), ...ended, outcome: 'error', error: { type: 'TypeError', message: 'x' } },
          next: { state: 'dead_lettered', reason: 'non_retryable' },
        },
      ],
    })
    expect(await samples('faultline_dead_letters_total')).toEqual([])
    take({ kind: 'delivery.settled', ...place, at: 2_005, settlement: 'dead_lettered', ids: [id(2)] })
    take({ kind: 'delivery.settled', ...place, at: 2_004, settlement: 'acked', ids: [id(1)] })
    const where = 'messaging_destination_name="orders",messaging_consumer_group_name="consumer-db"'
    expect(await samples('faultline_dead_letters_total')).toEqual([`{${where},reason="non_retryable"} 1`])
    expect(await samples('faultline_effects_total')).toEqual([`{${where},effect="row",result="done"} 1`])
    expect(await samples('faultline_attempts_total')).toEqual([
      `{${where},service_instance_id="consumer-db-1",outcome="error"} 1`,
      `{${where},service_instance_id="consumer-db-1",outcome="ok"} 1`,
    ])
    const sums = await samples('messaging_client_operation_duration_seconds_sum')
    expect(sums.map((line) => line.split('} ')[1])).toEqual(['0.004', '0.005'])
    expect(await samples('messaging_process_duration_seconds_sum')).toHaveLength(2)
  })

  it('keeps the number of series, whatever ids and error types come', async () => {
    const { take, samples } = open()
    const count = 500
    for (let seq = 1; seq <= count; seq += 1) {
      const error = { type: `Error${seq}`, message: `message ${seq}` }
      take({
        ...{ kind: 'delivery.ended', ...place },
        deliveries: [{ ...ended, id: `producer-1:1:topic_${seq}:${seq}`, outcome: 'error', error }],
      })
      take({ kind: 'delivery.ended', ...place, deliveries: [{ ...ended, id: 'no identity', outcome: 'error', error }] })
    }
    expect((await samples('messaging_process_duration_seconds_count')).length).toBeLessThanOrEqual(201 + 41 * 2)
    expect((await samples('faultline_attempts_total')).length).toBeLessThanOrEqual(201)
  })

  it('counts what it cannot read and goes on', async () => {
    const { take, takeBytes, samples } = open()
    takeBytes(Buffer.from('{nonsense'))
    takeBytes(Buffer.from('{"kind":1}'))
    takeBytes(Buffer.from('[{"kind":"delivery.ended"}]'))
    expect(await samples('faultline_telemetry_unreadable_frames_total')).toEqual(['{service_name="consumer-db"} 3'])
    take({ kind: 'delivery.started', ...place, deliveries: [started(1, 1, 1)] })
    expect(await samples('messaging_client_consumed_messages_total')).toHaveLength(1)
  })
})
