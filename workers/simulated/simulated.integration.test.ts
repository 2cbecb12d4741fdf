import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultRetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { newTraceparent, traceIdOf } from '#contracts/events/envelope.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { userSignup } from '#contracts/events/user-signup.ts'
import type { ServiceBody } from '#contracts/lab-declaration.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { BrokerUnderTest } from '#workers/broker/broker.contract.ts'
import type { Delivery } from '#workers/broker/broker.ts'
import { kafkaUnderTest } from '#workers/broker/drivers/kafka.contract.ts'
import { simulatorUnderTest } from '#workers/broker/drivers/sns-sqs.contract.ts'
import { kafkaMissing } from '../../test/kafka.ts'
import { ownRedisMissing, startOwnRedis } from '../../test/redis.ts'
import { until } from '../../test/until.ts'
import { startSimulated, type TestWorker } from './fixtures/simulated-worker.ts'

const service = 'payment'
const count = 100
const body: ServiceBody = {
  ...{ kind: 'simulated', work: { p50Ms: 5, p99Ms: 60 }, fails: { share: 0.05, errorType: 'CardDeclined' } },
  ...{ sends: { order_placed: { chance: 1, delayMs: 0, data: orderPlaced.example } }, seed: 3 },
}
const retryPolicy = { ...defaultRetryPolicy, maximumAttempts: 20, initialIntervalMs: 50, backoffCoefficient: 1 }
const config = {
  ...{ revision: 1, eventTypes: [...builtInEventTypes] },
  subscriptions: [{ consumer: service, eventTypes: ['user_signup'], retryPolicy, retryPolicyByType: {} }],
}

const settled = (records: TelemetryRecord[]): string[] =>
  records.flatMap((record) => (record.kind === 'delivery.settled' && record.settlement === 'acked' ? record.ids : []))

/** Ids of causes of which the broker acknowledged an event, in each place of the record. */
function childless(records: TelemetryRecord[]): string[] {
  const causeOf = new Map<string, string>()
  const answered = new Set<string>()
  const wrong: string[] = []
  for (const record of records) {
    if (record.kind === 'publish.attempted')
      for (const { seq, cause } of record.messages)
        causeOf.set(`${record.epoch}:${record.topic}:${seq}`, cause?.id ?? '')
    if (record.kind === 'publish.settled')
      for (const { seq, state } of record.outcomes)
        if (state === 'acked') answered.add(causeOf.get(`${record.epoch}:${record.topic}:${seq}`) ?? '')
    if (record.kind === 'delivery.settled' && record.settlement === 'acked')
      wrong.push(...record.ids.filter((id) => !answered.has(id)))
  }
  return wrong
}

/** A source, the simulated service, and a group that reads what it sends, while the service dies in every way that there is. */
function chain(name: string, start: () => Promise<{ broker: BrokerUnderTest; env: Record<string, string> }>): void {
  describe(name, () => {
    let under: Awaited<ReturnType<typeof start>>
    const workers: TestWorker[] = []
    beforeAll(async () => {
      under = await start()
    }, 120_000)
    afterAll(async () => {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')))
      await under.broker.stop()
    }, 60_000)

    test('every event of a chain has its effect in the next, with its cause, through SIGKILL and shutdown', async () => {
      const broker = under.broker.connect()
      await broker.declare({
        topics: ['user_signup', 'order_placed'].map((topic) => ({ topic, types: [topic] })),
        groups: [
          { group: service, types: ['user_signup'], topics: ['user_signup'] },
          { group: 'sink', types: ['order_placed'], topics: ['order_placed'] },
        ],
      })
      const sent = Array.from({ length: count }, (_, n) => ({
        ...{ id: `shop-1:1:user_signup:${n + 1}`, type: 'user_signup', topic: 'user_signup', version: 1 },
        ...{ time: new Date().toISOString(), traceparent: newTraceparent(), key: `k${n % 20}` },
        body: JSON.stringify(userSignup.example),
      }))
      expect((await broker.publish(sent)).every(({ state }) => state === 'acked')).toBe(true)
      const received: Delivery[] = []
      const sink = await broker.subscribe('sink', async (deliveries) => {
        received.push(...deliveries)
        return deliveries.map(() => ({ kind: 'ack' }))
      })
      const all = (): TelemetryRecord[] => workers.flatMap(({ records }) => records)
      const begin = (): TestWorker => {
        const worker = startSimulated({ service, epoch: workers.length + 1, body, config, env: under.env })
        workers.push(worker)
        return worker
      }
      for (const [part, signal] of [
        [0.1, 'SIGKILL'],
        [0.3, 'SIGKILL'],
        [0.6, 'SIGTERM'],
      ] as const) {
        const worker = begin()
        await until(`${part} of the messages`, async () => new Set(settled(all())).size >= part * count, 120_000)
        await worker.end(signal)
      }
      begin()
      // A killed process may not have reported its last settlements, so the queue is asked.
      const isEmpty = async (): Promise<boolean> => {
        const queue = (await broker.inspect()).queues.find(({ group }) => group === service)
        return queue !== undefined && queue.visible + queue.inFlight + queue.delayed === 0
      }
      await until('the queue is empty', isEmpty, 180_000)
      const causes = () => new Set(received.map(({ envelope }) => envelope?.causationId))
      await until('all are at the end', async () => causes().size === count)

      expect(childless(all())).toEqual([])
      for (const { envelope } of received) {
        const cause = sent.find(({ id }) => id === envelope?.causationId)
        expect(envelope).toMatchObject({ correlationId: cause?.id, hops: 1, key: orderPlaced.example.orderId })
        expect(traceIdOf(envelope?.traceparent ?? '')).toBe(traceIdOf(cause?.traceparent ?? ''))
      }
      // Numbers are dense within each epoch.
      for (const [index, { records }] of workers.entries()) {
        const seqs = records.flatMap((record) =>
          record.kind === 'publish.attempted' ? record.messages.map(({ seq }) => seq) : [],
        )
        expect(seqs).toEqual(seqs.map((_, place) => place + 1))
        for (const { envelope } of received) {
          const { epoch = 0, seq = 0 } = parseIdentity(envelope?.id ?? '') ?? {}
          if (epoch === index + 1) expect(seqs.length).toBeGreaterThanOrEqual(seq)
        }
      }
      await sink.stop(1_000)
      await broker.close()
    }, 600_000)
  })
}

const aws = (endpoint: string, variable: string, broker: string) => ({
  ...{ BROKER: broker, [variable]: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
})

chain('on the local broker', async () => {
  const broker = await simulatorUnderTest()
  return { broker, env: aws(broker.endpoint, 'AWS_ENDPOINT_URL', 'local') }
})

describe.skipIf(await ownRedisMissing('a chain on Redis'))('with Redis', () => {
  chain('on Redis', async () => {
    const broker = await simulatorUnderTest(await startOwnRedis())
    return { broker, env: aws(broker.endpoint, 'SNS_SQS_REDIS_ENDPOINT_URL', 'redis') }
  })
})

describe.skipIf(await kafkaMissing('a chain on Kafka'))('with Kafka', () => {
  chain('on Kafka', async () => {
    const broker = await kafkaUnderTest()
    return { broker, env: { BROKER: 'kafka', KAFKA_BROKERS: broker.real.brokers.join(',') } }
  })
})
