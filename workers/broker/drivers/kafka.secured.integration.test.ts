import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { brokerEnvironment } from '#contracts/brokers/broker-settings.ts'
import { newTraceparent } from '#contracts/events/envelope.ts'
import { ownKafkaMissing } from '../../../test/kafka.ts'
import { type SecuredKafka, securedUser, startSecuredKafka } from '../../../test/secured-kafka.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import type { Broker } from '../broker.ts'
import { brokerOptionsOf } from '../broker-settings.ts'
import { ack, until } from '../contract/bench.contract.ts'
import { createBroker } from '../create-broker.ts'

/** The environment of a process of the lab decides how a managed cluster is spoken to. */
describe.skipIf(await ownKafkaMissing('TLS and users of Kafka'))('a Kafka with TLS and users', () => {
  let kafka: SecuredKafka
  let known: Record<string, string>
  let strangeAuthority: string

  beforeAll(async () => {
    kafka = await startSecuredKafka()
    strangeAuthority = join(await temporaryFolder('authority'), 'other.pem')
    await writeFile(strangeAuthority, rootCertificates[0] ?? '')
    known = {
      KAFKA_BROKERS: kafka.secured,
      KAFKA_SSL: '1',
      KAFKA_SSL_CA: kafka.ca,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: securedUser.username,
      KAFKA_SASL_PASSWORD: securedUser.password,
    }
  }, 120_000)
  afterAll(() => kafka?.stop())

  function connect(env: Record<string, string>): Broker {
    const settings = z.object(brokerEnvironment).parse({ ...known, ...env })
    return createBroker(brokerOptionsOf(settings, 'kafka'))
  }

  test.concurrent.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    '%s: publishes, delivers and commits',
    async (mechanism) => {
      const broker = connect({ KAFKA_SASL_MECHANISM: mechanism })
      const topic = `by_${mechanism.replaceAll('-', '_')}`
      const group = `consumer-${topic}`
      await broker.declare({
        topics: [{ topic, types: [topic] }],
        groups: [{ group, types: [topic], topics: [topic] }],
      })
      const seen: string[] = []
      const subscription = await broker.subscribe(group, async (deliveries) => {
        seen.push(...deliveries.map(({ envelope }) => envelope?.id ?? ''))
        return ack(deliveries)
      })
      const id = `producer-1:1:${topic}:1`
      const time = new Date().toISOString()
      const [outcome] = await broker.publish([
        { id, type: topic, topic, time, traceparent: newTraceparent(), version: 1, body: '{}' },
      ])
      expect(outcome).toMatchObject({ state: 'acked' })
      await until('it is delivered', () => seen.length > 0)
      await until('it is committed', async () => {
        const { partitions = [] } = await broker.inspect()
        const mine = partitions.filter((partition) => partition.topic === topic)
        return mine.some(({ endOffset, groups }) => endOffset === 1 && groups[0]?.committed === 1)
      })
      expect(seen).toEqual([id])
      await subscription.stop(1_000)
      await broker.close()
    },
  )

  const otherPassword = { KAFKA_SASL_PASSWORD: 'not-it' }
  test.concurrent.each<[string, () => Record<string, string>, RegExp]>([
    [
      'a wrong password',
      () => otherPassword,
      /authentication failed.*Check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/,
    ],
    [
      'a wrong password, PLAIN',
      () => ({ ...otherPassword, KAFKA_SASL_MECHANISM: 'plain' }),
      /authentication failed.*Check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/,
    ],
    [
      'an unknown authority',
      () => ({ KAFKA_SSL_CA: strangeAuthority }),
      /self-signed certificate in certificate chain\. Set KAFKA_SSL_CA to the PEM file/,
    ],
    ['only the authorities of the system', () => ({ KAFKA_SSL_CA: '' }), /Set KAFKA_SSL_CA to the PEM file/],
    [
      'another name than that of the certificate',
      () => ({ KAFKA_BROKERS: kafka.secured.replace('localhost', '127.0.0.1') }),
      /does not match certificate's altnames.*Name the brokers in KAFKA_BROKERS/,
    ],
    [
      'no TLS and no user',
      () => ({ KAFKA_SSL: '', KAFKA_SSL_CA: '', ...nobody }),
      /closes the connection without an answer\. If it is there, it may want TLS \(KAFKA_SSL=1\)/,
    ],
    ['no user', () => nobody, /closes the connection without an answer.*or a user \(KAFKA_SASL_MECHANISM/],
    [
      'TLS on a port without',
      () => ({ KAFKA_BROKERS: kafka.brokers.join() }),
      /this port may speak no TLS: unset KAFKA_SSL/,
    ],
    [
      'a user on a port without',
      () => ({ KAFKA_BROKERS: kafka.brokers.join(), KAFKA_SSL: '', KAFKA_SSL_CA: '' }),
      /This port takes no users: unset KAFKA_SASL_MECHANISM/,
    ],
  ])('%s: says what to do, to whoever declares, publishes or subscribes', async (_what, env, says) => {
    const broker = connect(env())
    await expect(broker.declare({ topics: [], groups: [] })).rejects.toThrow(says)
    const time = new Date().toISOString()
    const [outcome] = await broker.publish([
      { id: 'producer-1:1:x:1', type: 'x', topic: 'x', time, traceparent: newTraceparent(), version: 1, body: '{}' },
    ])
    expect(outcome).toMatchObject({ state: 'failed', error: { message: expect.stringMatching(says) } })
    const troubles: (string | undefined)[] = []
    const onTrouble = (problem: string | undefined) => void troubles.push(problem)
    await broker.subscribe('consumer-x', async (deliveries) => ack(deliveries), { onTrouble })
    // It goes on trying, and does not say so again each time.
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(troubles).toEqual([expect.stringMatching(says)])
    await broker.close()
  })
})

const nobody = { KAFKA_SASL_MECHANISM: '', KAFKA_SASL_USERNAME: '', KAFKA_SASL_PASSWORD: '' }
