import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { faultClient } from '../../test/fault-client.ts'
import { ownKafkaMissing, startOwnKafka, type TestKafka } from '../../test/kafka.ts'
import { startLab } from '../../test/lab.ts'
import { securedUser, startSecuredKafka } from '../../test/secured-kafka.ts'
import { until } from '../../test/until.ts'
import { kafkaAnswers } from './kafka-answers.ts'

const runFile = z.object({ ports: z.record(z.string(), z.int()), children: z.record(z.string(), z.unknown()) })

async function plain() {
  const kafka = await startOwnKafka()
  return { kafka, env: { KAFKA_BROKERS: kafka.brokers.join() } }
}
async function managed() {
  const kafka = await startSecuredKafka()
  const env = {
    ...{ KAFKA_BROKERS: kafka.secured, KAFKA_SSL: '1', KAFKA_SSL_CA: kafka.ca, KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' },
    ...{ KAFKA_SASL_USERNAME: securedUser.username, KAFKA_SASL_PASSWORD: securedUser.password },
  }
  return { kafka, env }
}

/** The whole lab on a Kafka that runs elsewhere. */
describe.skipIf(await ownKafkaMissing('the lab on a Kafka of somebody else'))('BROKER=kafka with KAFKA_BROKERS', () => {
  const stops: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  const answers = (kafka: TestKafka) => kafkaAnswers(Number(kafka.brokers[0]?.split(':').at(-1)))

  it.each([
    ['that takes everybody', plain],
    ['with TLS and users', managed],
  ])(
    'runs on one %s, cuts links to it where it is to be down, and leaves it running',
    async (_what, start) => {
      const { kafka, env } = await start()
      stops.push(() => kafka.stop())
      const lab = await startLab({ BROKER: 'kafka', ...env })
      let running = true
      const stop = async () => running && (await lab.stop())
      stops.push(stop)

      const { ports, children } = runFile.parse(JSON.parse(readFileSync(join(lab.dataDir, 'run.json'), 'utf8')))
      expect(Object.keys({ ...ports, ...children }).filter((name) => name.startsWith('kafka'))).toEqual([])
      const { works, services, inject, observed, publish, heal, healed } = faultClient(lab.url)
      await works()
      const links = (await services()).flatMap((service) => service.links ?? [])
      const toBroker = links.filter(({ id }) => id.endsWith('->broker'))
      expect(toBroker.map(({ upstream }) => upstream)).toEqual(Array(3).fill(env.KAFKA_BROKERS))
      // Sidecars tell of bytes a few times a second.
      await until('bytes on every link to the broker', async () =>
        (await services())
          .flatMap((service) => service.links ?? [])
          .every(({ id, bytesUp }) => !id.endsWith('->broker') || bytesUp > 0),
      )

      const down = { type: 'broker.down', target: { broker: 'kafka' }, params: { durationMs: 600_000 } } as const
      const { status, body: fault } = await inject(down)
      expect([status, fault.how]).toEqual([201, 'every link cut'])
      await observed(fault.id)
      expect((await publish()).status).toBe(503)
      await answers(kafka)
      await heal(fault.id)
      await healed(fault.id)
      await works()

      running = false
      expect(await lab.stop()).toBe(0)
      await answers(kafka)
    },
    300_000,
  )
})
