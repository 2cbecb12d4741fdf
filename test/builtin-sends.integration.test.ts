import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultRetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { newTraceparent } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { ServiceBody } from '#contracts/lab-declaration.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import type { BrokerUnderTest } from '#workers/broker/broker.contract.ts'
import { kafkaUnderTest } from '#workers/broker/drivers/kafka.contract.ts'
import { simulatorUnderTest } from '#workers/broker/drivers/sns-sqs.contract.ts'
import { startSimulated, type TestWorker } from '#workers/simulated/fixtures/simulated-worker.ts'
import { kafkaMissing } from './kafka.ts'
import { startTestPostgres, type TestPostgres } from './postgres.ts'
import { ownRedisMissing, startOwnRedis } from './redis.ts'
import { until } from './until.ts'

const count = 60
const service = 'consumer-db'
const stored: EventTypeDefinition = {
  ...{ name: 'user_stored', version: 1, topic: 'user_stored', builtIn: false },
  ...{ schema: { type: 'object', required: ['email'] }, example: { email: 'ada@example.com' } },
}
const body: ServiceBody = {
  ...{ kind: 'builtin', worker: 'database', effect: 'row' },
  sends: { user_stored: { email: '{{data.email}}' } },
}
const retryPolicy = { ...defaultRetryPolicy, maximumAttempts: 20, initialIntervalMs: 50, backoffCoefficient: 1 }
const config = {
  ...{ revision: 1, eventTypes: [...builtInEventTypes, stored] },
  subscriptions: [{ consumer: service, eventTypes: ['user_signup'], retryPolicy, retryPolicyByType: {} }],
}

let postgres: TestPostgres
let prisma: PrismaClient
beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 2 })
}, 120_000)
afterAll(async () => {
  await prisma?.$disconnect()
  await postgres?.stop()
})

const acked = (records: TelemetryRecord[]): string[] =>
  records.flatMap((record) => (record.kind === 'delivery.settled' && record.settlement === 'acked' ? record.ids : []))

/** A source, the built-in database service, and a group that reads what that sends. */
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

    test('the database service writes a row and sends what it declares with its cause, also through a SIGKILL', async () => {
      const broker = under.broker.connect()
      await broker.declare({
        topics: ['user_signup', 'user_stored'].map((topic) => ({ topic, types: [topic] })),
        groups: [
          { group: service, types: ['user_signup'], topics: ['user_signup'] },
          { group: 'sink', types: ['user_stored'], topics: ['user_stored'] },
        ],
      })
      // One database for all: a message of another broker's chain would be found written.
      const source = `shop-${name.split(' ').at(-1)?.toLowerCase()}`
      const sent = Array.from({ length: count }, (_, n) => ({
        ...{ id: `${source}-1:1:user_signup:${n + 1}`, type: 'user_signup', topic: 'user_signup', version: 1 },
        ...{ time: new Date().toISOString(), traceparent: newTraceparent() },
        body: JSON.stringify({ email: `${n}@${name.replaceAll(' ', '-')}.example` }),
      }))
      const emailOf = new Map(sent.map(({ id, body: text }) => [id, JSON.parse(text).email as string]))
      expect((await broker.publish(sent)).every(({ state }) => state === 'acked')).toBe(true)
      const received = new Map<string, unknown>()
      const sink = await broker.subscribe('sink', async (deliveries) => {
        for (const { envelope } of deliveries)
          received.set(envelope?.causationId ?? '', { ...JSON.parse(envelope?.body ?? '{}'), hops: envelope?.hops })
        return deliveries.map(() => ({ kind: 'ack' }))
      })
      const begin = (): TestWorker => {
        const epoch = workers.length + 1
        const env = { ...under.env, DATABASE_URL: postgres.url }
        const worker = startSimulated({ entry: 'consumer-db', service, epoch, body, config, env })
        workers.push(worker)
        return worker
      }
      const first = begin()
      await until('some are settled', async () => acked(first.records).length > 0, 120_000)
      await first.end('SIGKILL')
      begin()
      await until('all are at the end', async () => received.size === count, 180_000)
      expect(received).toEqual(new Map([...emailOf].map(([id, email]) => [id, { email, hops: 1 }])))
      const emails = [...emailOf.values()]
      expect(await prisma.user.count({ where: { email: { in: emails } } })).toBe(count)
      // In each process an event is reported before its cause is settled.
      for (const { records } of workers) {
        const reported = new Set<string>()
        for (const record of records) {
          if (record.kind === 'publish.attempted')
            for (const { cause } of record.messages) reported.add(cause?.id ?? '')
          for (const id of acked([record])) expect(reported).toContain(id)
        }
      }
      await sink.stop(1_000)
      await broker.close()
    }, 400_000)
  })
}

const aws = (endpoint: string, variable: string, broker: string) => ({
  ...{ BROKER: broker, [variable]: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
})

chain('on the local broker', async () => {
  const broker = await simulatorUnderTest()
  return { broker, env: aws(broker.endpoint, 'AWS_ENDPOINT_URL', 'local') }
})

describe.skipIf(await ownRedisMissing('a built-in service that sends on Redis'))('with Redis', () => {
  chain('on Redis', async () => {
    const broker = await simulatorUnderTest(await startOwnRedis())
    return { broker, env: aws(broker.endpoint, 'SNS_SQS_REDIS_ENDPOINT_URL', 'redis') }
  })
})

describe.skipIf(await kafkaMissing('a built-in service that sends on Kafka'))('with Kafka', () => {
  chain('on Kafka', async () => {
    const broker = await kafkaUnderTest()
    return { broker, env: { BROKER: 'kafka', KAFKA_BROKERS: broker.real.brokers.join(',') } }
  })
})
