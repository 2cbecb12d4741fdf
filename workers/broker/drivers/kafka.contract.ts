import { Kafka, type KafkaMessage, logLevel } from 'kafkajs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import { freePort } from '../../../supervisor/process/ports.ts'
import { startTestKafka, type TestKafka } from '../../../test/kafka.ts'
import type { BrokerUnderTest } from '../broker.contract.ts'
import { clusterOf } from './kafka/client.ts'
import { openCluster } from './kafka/cluster/cluster.ts'
import { storedHeaders } from './kafka/consume/stored-record.ts'
import { textHeaders } from './kafka/produce/record-headers.ts'
import { type Meddling, produceApi, startProtocolProxy } from './kafka/protocol-proxy.fixture.ts'
import { type KafkaOptions, kafkaBroker } from './kafka.ts'

/** Small, so that a suite of many topics stays light. */
const small = {
  partitions: 3,
  retryPartitions: 1,
  retryTopics: 2,
  lookEveryMs: 200,
  sessionTimeoutMs: 3_000,
  withheldMs: 1_000,
}

export interface KafkaUnderTest extends BrokerUnderTest {
  real: TestKafka
  /** kafkajs itself, for what the driver does not do. */
  client: Kafka
  connect(over?: Partial<KafkaOptions>): ReturnType<typeof kafkaBroker>
  /** A connection whose requests and answers are meddled with. One at a time. */
  connectMeddled(how: Meddling): ReturnType<typeof kafkaBroker>
}

/** A real Kafka, killed with SIGKILL and started again on the same ports and folder. For tests. */
export async function kafkaUnderTest(): Promise<KafkaUnderTest> {
  let meddling: Meddling = {}
  const [muted, meddled] = [await freePort(), await freePort()]
  const silence = await startProtocolProxy(muted, mute)
  const meddler = await startProtocolProxy(meddled, () => meddling)
  const real = await startTestKafka({
    listeners: [
      { name: 'MUTED', port: muted, advertised: `127.0.0.1:${silence.port}` },
      { name: 'MEDDLED', port: meddled, advertised: `127.0.0.1:${meddler.port}` },
    ],
  })
  const client = new Kafka({ brokers: real.brokers, logLevel: logLevel.NOTHING, retry: { retries: 10 } })
  const connect = (over: Partial<KafkaOptions> = {}) => kafkaBroker({ brokers: real.brokers, ...small, ...over })

  return {
    real,
    client,
    countsInFlight: false,
    retryModes: ['retry-topic', 'blocking'],
    connect,
    connectWithoutAnswers: () => connect({ brokers: [`127.0.0.1:${silence.port}`], requestTimeoutMs: 1_000 }),
    connectMeddled(how) {
      meddling = how
      return connect({ brokers: [`127.0.0.1:${meddler.port}`] })
    },
    async inject(group, body, headers) {
      const broker = connect()
      const { bindings } = await broker.inspect()
      await broker.close()
      const topic = bindings.find((binding) => binding.group === group)?.topic ?? ''
      const producer = client.producer()
      await producer.connect()
      await producer.send({ topic, messages: [{ value: body, headers }] })
      await producer.disconnect()
    },
    deadLetters: (group) => readAll(client, deadLetterQueueOf(group)),
    async bindStranger(topic) {
      const cluster = openCluster(client)
      const group = `stranger-of-${topic}`
      await cluster.topics()
      await cluster.commit(group, [{ topic, partition: 0, offset: 0, metadata: 'mine' }])
      return async () => {
        const isCommitted = (await cluster.committed(group)).get(topic)?.get(0)?.metadata === 'mine'
        await cluster.close()
        return isCommitted
      }
    },
    kill: () => real.kill(),
    restart: () => real.restart(),
    async stop() {
      silence.close()
      meddler.close()
      await real.stop()
    },
  }
}

/** Everything in a topic, read from its log without a consumer group. */
export async function readAll(
  client: Kafka,
  topic: string,
): Promise<{ body: string; headers: Record<string, string>; partition: number; offset: number }[]> {
  return (await fetchAll(client, topic)).map(({ message, partition }) => ({
    body: message.value?.toString() ?? '',
    headers: textHeaders(storedHeaders(message)),
    partition,
    offset: Number(message.offset),
  }))
}

/** The same as kafkajs gives it. */
export async function fetchAll(client: Kafka, topic: string): Promise<{ partition: number; message: KafkaMessage }[]> {
  const cluster = clusterOf(client)
  await cluster.connect()
  await cluster.refreshMetadata()
  const found: { partition: number; message: KafkaMessage }[] = []
  for (const { partitionId: partition, leader } of cluster.findTopicPartitionMetadata(topic)) {
    const node = await cluster.findBroker({ nodeId: String(leader) })
    let fetchOffset = 0
    for (;;) {
      const { responses } = await node.fetch({
        ...{ maxWaitTime: 100, minBytes: 1, maxBytes: 10_000_000 },
        topics: [{ topic, partitions: [{ partition, fetchOffset: String(fetchOffset), maxBytes: 5_000_000 }] }],
      })
      const messages: KafkaMessage[] = responses[0]?.partitions[0]?.messages ?? []
      const last = messages.at(-1)
      if (!last) break
      fetchOffset = Number(last.offset) + 1
      found.push(...messages.map((message) => ({ partition, message })))
    }
  }
  await cluster.disconnect()
  return found
}

/** Answers come until a produce request has passed: from then on they do not. */
function mute(): Meddling {
  let silent = false
  return {
    request(api) {
      if (api === produceApi) silent = true
      return undefined
    },
    answer: () => (silent ? 'drop' : undefined),
  }
}
