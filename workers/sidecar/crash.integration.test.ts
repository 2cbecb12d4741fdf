import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { defaultRetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { type Envelope, newTraceparent } from '#contracts/events/envelope.ts'
import type { BrokerUnderTest } from '#workers/broker/broker.contract.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { kafkaUnderTest } from '#workers/broker/drivers/kafka.contract.ts'
import { simulatorUnderTest } from '#workers/broker/drivers/sns-sqs.contract.ts'
import { kafkaMissing } from '../../test/kafka.ts'
import { type FixtureWeb, fixtureConfig, startFixtureWeb } from './fixtures/fixture-web.ts'
import { openSidecars } from './fixtures/sidecar-process.ts'

let sidecars: Awaited<ReturnType<typeof openSidecars>>
const endings: (() => Promise<unknown> | undefined)[] = []
beforeEach(async () => {
  sidecars = await openSidecars()
})
afterEach(async () => {
  await sidecars.close()
  for (const end of endings.splice(0).reverse()) await end()
})

const maximumAttempts = 3

/** A sidecar with replicas of a consumer that some messages end, on a broker of its own. */
async function open(name: BrokerName, underTest: BrokerUnderTest, env: Record<string, string>, replicas = 1) {
  const topic = `crash_${process.pid}_${Date.now()}`
  const service = `consumer-${topic}`
  const broker = underTest.connect()
  endings.push(() => broker.close())
  await broker.declare({
    topics: [{ topic, types: [topic] }],
    groups: [{ group: service, types: [topic], topics: [topic] }],
  })
  const retryPolicy = { ...defaultRetryPolicy, maximumAttempts, initialIntervalMs: 10 }
  const config = fixtureConfig(1, { broker: name, replicas: { [service]: replicas } })
  config.worker.subscriptions.push({ consumer: service, eventTypes: [topic], retryPolicy, retryPolicyByType: {} })
  const web = await startFixtureWeb(0, config)
  endings.push(() => web.close())
  const publish = (bodies: object[]) => broker.publish(bodies.map((body, index) => envelopeOf(topic, index + 1, body)))
  const start = () =>
    sidecars.start(web.url, {
      ...env,
      ...{ FAULTLINE_SERVICE: service, FAULTLINE_WORKER_ENTRY: sidecars.entryOf('crash-worker'), BROKER: name },
    })
  return { broker, web, service, publish, start, idOf: (seq: number) => `producer-1:1:${topic}:${seq}` }
}

const envelopeOf = (topic: string, seq: number, body: object): Envelope => ({
  ...{ id: `producer-1:1:${topic}:${seq}`, type: topic, topic, version: 1, body: JSON.stringify(body) },
  time: new Date().toISOString(),
  traceparent: newTraceparent(),
})

async function eventually<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const value = await probe()
    if (value !== undefined) return value
    if (Date.now() > end) throw new Error(`${what} did not come`)
  }
}

const lettersOf = (broker: Broker, group: string, count: number) =>
  eventually(`${count} dead letters`, async () => {
    const { letters } = await broker.deadLetters.list(group, 50)
    return letters.length >= count ? letters : undefined
  })
const handledIn = (web: FixtureWeb) =>
  new Set(
    web
      .records()
      .flatMap((record) => (record.kind === 'delivery.ended' ? record.deliveries : []))
      .flatMap(({ id, outcome }) => (outcome === 'ok' ? [id] : [])),
  )

function crashes(
  name: BrokerName,
  connect: () => Promise<{ underTest: BrokerUnderTest; env: Record<string, string> }>,
) {
  test('messages that end their process are dead letters after their attempts, with the exit, and no other is', async () => {
    const { underTest, env } = await connect()
    endings.push(() => underTest.stop())
    const { broker, web, service, publish, start, idOf } = await open(name, underTest, env)
    const bodies = Array.from({ length: 12 }, (_, index) =>
      index === 4 ? { end: 'exit' } : index === 8 ? { end: 'kill' } : {},
    )
    await publish(bodies)
    const sidecar = start()
    const letters = await lettersOf(broker, service, 2)
    const notes = letters.map(({ note }) => [note?.id, note?.reason, note?.error.type, note?.error.message])
    expect(notes.sort()).toEqual([
      [idOf(5), 'max_attempts', 'ProcessCrashed', 'the process that handled it ended with exit code 7'],
      [idOf(9), 'max_attempts', 'ProcessCrashed', 'the process that handled it was ended by SIGKILL'],
    ])
    // A queue counts every time that it gave a message out, also together with the one that ended the process.
    for (const { note } of letters) {
      if (name === 'kafka') expect(note?.attempts).toBe(maximumAttempts)
      else expect(note?.attempts).toBeGreaterThanOrEqual(maximumAttempts)
    }
    await eventually('all others', async () => (handledIn(web).size === 10 ? true : undefined))
    expect((await broker.deadLetters.list(service, 50)).letters).toHaveLength(2)
    // What is printed goes another way than what is reported, and may come later.
    await expect.poll(() => sidecar.output()).toContain('that attempt counts as failed')
  })
}

describe('a crash on a queue', { timeout: 180_000 }, () => {
  crashes('local', async () => {
    const underTest = await simulatorUnderTest()
    return { underTest, env: { AWS_ENDPOINT_URL: underTest.endpoint } }
  })
})

describe.skipIf(await kafkaMissing('a crash on Kafka'))('a crash on Kafka', { timeout: 240_000 }, () => {
  crashes('kafka', async () => {
    const underTest = await kafkaUnderTest()
    return { underTest, env: { KAFKA_BROKERS: underTest.real.brokers.join(',') } }
  })
})
