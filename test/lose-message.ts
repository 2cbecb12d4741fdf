import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ListQueuesCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { Kafka, logLevel } from 'kafkajs'
import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import type { FaultClient } from './fault-client.ts'
import type { Lab } from './lab.ts'
import { until } from './until.ts'

const group = 'consumer-db'

/** Ports of the parts that a lab started, by name. */
const portsOf = ({ dataDir }: Lab): Record<string, number> =>
  (JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as { ports: Record<string, number> }).ports

/**
 * Publishes a message while nobody of `consumer-db` reads, and takes it away from that group in the broker itself: its queue is
 * purged, or its committed offset is moved past it. Answers its id when the group reads again.
 */
export async function loseMessage(options: {
  broker: BrokerName
  lab: Lab
  client: FaultClient
  /** Publishes an event that the group takes, and answers its id once it is acknowledged. */
  publish: () => Promise<string>
}): Promise<string> {
  const { broker, lab, client, publish } = options
  // A group on Kafka must have no member for its offsets to be set; a queue must have nobody that takes from it.
  const {
    partitioned,
    address: { own },
  } = brokerOf(broker)
  if (own === undefined) throw new Error(`the lab does not run ${broker}`)
  const cut = partitioned
    ? { type: 'process.shutdown', target: group, params: { restartAfterMs: 600_000 } }
    : { type: 'link.down', target: `${group}->broker` }
  const { body: fault } = await client.inject(cut)
  await client.observed(fault.id)
  const id = await publish()
  const ports = portsOf(lab)
  const at = own.at(ports[own.port] ?? 0)
  if (partitioned) await commitPast(at, (await client.journey(id)).publish.ref ?? '')
  else await purge(at)
  await client.heal(fault.id)
  await client.healed(fault.id)
  return id
}

async function purge(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials })
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: group }))
  const QueueUrl = QueueUrls.find((url) => url.endsWith(`/${group}`))
  await sqs.send(new PurgeQueueCommand({ QueueUrl }))
  sqs.destroy()
}

async function commitPast(address: string, ref: string): Promise<void> {
  const [partition = 0, offset = 0] = ref.split('@').map(Number)
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await until(`an empty group ${group}`, async () => {
    const { groups } = await admin.describeGroups([group])
    return groups[0]?.state === 'Empty'
  })
  await admin.setOffsets({
    groupId: group,
    topic: 'order_placed',
    partitions: [{ partition, offset: String(offset + 1) }],
  })
  await admin.disconnect()
}
