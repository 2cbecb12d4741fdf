import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import { deadLetterQueueOf } from '#contracts/topology.ts'
import { freePort } from '../../../supervisor/ports.ts'
import { startTestKafka, type TestKafka } from '../../../test/kafka.ts'
import type { BrokerUnderTest } from '../broker.contract.ts'
import { clusterOf } from './kafka/client.ts'
import { openCluster } from './kafka/cluster.ts'
import { textHeaders } from './kafka/record-headers.ts'
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
}

/** A real Kafka, killed with SIGKILL and started again on the same ports and folder. For tests. */
export async function kafkaUnderTest(): Promise<KafkaUnderTest> {
  const mute = await startMute()
  const real = await startTestKafka({
    listeners: [{ name: 'MUTE', port: mute.upstream, advertised: `127.0.0.1:${mute.port}` }],
  })
  const client = new Kafka({ brokers: real.brokers, logLevel: logLevel.NOTHING, retry: { retries: 10 } })
  const connect = (over: Partial<KafkaOptions> = {}) => kafkaBroker({ brokers: real.brokers, ...small, ...over })

  return {
    real,
    client,
    countsInFlight: false,
    retryModes: ['retry-topic', 'blocking'],
    connect,
    connectWithoutAnswers: () => connect({ brokers: [`127.0.0.1:${mute.port}`], requestTimeoutMs: 1_000 }),
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
        const stands = (await cluster.committed(group)).get(topic)?.get(0)?.metadata === 'mine'
        await cluster.close()
        return stands
      }
    },
    kill: () => real.kill(),
    restart: () => real.restart(),
    async stop() {
      mute.server.close()
      for (const socket of mute.sockets) socket.destroy()
      await real.stop()
    },
  }
}

/** Everything in a topic, read from its log without a consumer group. */
export async function readAll(
  client: Kafka,
  topic: string,
): Promise<{ body: string; headers: Record<string, string>; partition: number; offset: number }[]> {
  const cluster = clusterOf(client)
  await cluster.connect()
  await cluster.refreshMetadata()
  const found: { body: string; headers: Record<string, string>; partition: number; offset: number }[] = []
  for (const { partitionId: partition, leader } of cluster.findTopicPartitionMetadata(topic)) {
    const node = await cluster.findBroker({ nodeId: String(leader) })
    let fetchOffset = 0
    for (;;) {
      const { responses } = await node.fetch({
        ...{ maxWaitTime: 100, minBytes: 1, maxBytes: 10_000_000 },
        topics: [{ topic, partitions: [{ partition, fetchOffset: String(fetchOffset), maxBytes: 5_000_000 }] }],
      })
      const messages = responses[0]?.partitions[0]?.messages ?? []
      if (messages.length === 0) break
      for (const { value, headers, offset } of messages) {
        fetchOffset = Number(offset) + 1
        found.push({ body: value?.toString() ?? '', headers: textHeaders(headers), partition, offset: Number(offset) })
      }
    }
  }
  await cluster.disconnect()
  return found
}

const produceKey = 0

/** A way to the broker on which answers come until a produce request has passed: from then on they do not. */
async function startMute(): Promise<{ server: Server; port: number; upstream: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const upstream = await freePort()
  const server = createServer((near) => {
    const far = dial(upstream, '127.0.0.1')
    let mute = false
    let held = Buffer.alloc(0)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }
    near.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      // A request: its length, then the number of the API.
      while (held.length >= 6 && held.length >= 4 + held.readInt32BE(0)) {
        const size = 4 + held.readInt32BE(0)
        if (held.readInt16BE(4) === produceKey) mute = true
        far.write(held.subarray(0, size))
        held = held.subarray(size)
      }
    })
    far.on('data', (chunk: Buffer) => {
      if (!mute) near.write(chunk)
    })
    near.on('close', () => far.end())
    far.on('close', () => near.destroy())
  })
  return { server, port: await listen(server), upstream, sockets }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}
