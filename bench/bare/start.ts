import { fork } from 'node:child_process'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { Kafka, logLevel } from 'kafkajs'
import { bareQueueArn, bareQueues, bareTopic, bareTopicArn } from './names.ts'

export interface BareLoop {
  /** Publishes `count` orders; resolves when all are acknowledged. */
  publish(count: number): Promise<void>
  stop(): void
}

/** The broker to loop on, with the lab's database and mailbox. */
export interface BareEnvironment {
  broker: { endpoint: string } | { kafka: string }
  DATABASE_URL: string
  SMTP_URL: string
}

/** As many as the lab's topics have. */
const partitions = 6

async function wireKafka(brokers: string): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: bareTopic, numPartitions: partitions }] })
  await admin.disconnect()
}

async function wireQueues(endpoint: string): Promise<void> {
  const options = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } }
  const sns = new SNSClient(options)
  const sqs = new SQSClient(options)
  await sns.send(new CreateTopicCommand({ Name: bareTopic }))
  for (const queue of bareQueues) {
    await sqs.send(new CreateQueueCommand({ QueueName: queue }))
    await sns.send(
      new SubscribeCommand({
        TopicArn: bareTopicArn,
        Protocol: 'sqs',
        Endpoint: bareQueueArn(queue),
        Attributes: { RawMessageDelivery: 'true' },
      }),
    )
  }
}

/** One publisher, one mailer, two writers: the lab's replicas, on the lab's own broker, database and mailbox. */
export async function startBareLoop({ broker, DATABASE_URL, SMTP_URL }: BareEnvironment): Promise<BareLoop> {
  await ('kafka' in broker ? wireKafka(broker.kafka) : wireQueues(broker.endpoint))
  const address = 'kafka' in broker ? { BARE_KAFKA: broker.kafka } : { BARE_ENDPOINT: broker.endpoint }
  const start = async (role: string) => {
    const child = fork('bench/bare/loop.ts', {
      execArgv: ['--import', 'tsx'],
      env: {
        ...process.env,
        ...{ DATABASE_URL, SMTP_URL, BARE_ROLE: role, AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
        ...address,
      },
    })
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`the bare ${role} loop ended with ${code}`)))
    })
    return child
  }
  const children = await Promise.all(['publish', 'email', 'db', 'db'].map(start))
  const [publisher] = children
  // Identities of a loop on one broker are not those of a loop on another: rows of both are in one inbox.
  let epoch = Math.floor(Date.now() / 1000)
  return {
    publish: (count) =>
      new Promise((resolve, reject) => {
        epoch += 1
        publisher?.once('message', () => resolve())
        publisher?.once('exit', (code) => reject(new Error(`the bare publisher ended with ${code}`)))
        publisher?.send({ epoch, count })
      }),
    stop: () => {
      for (const child of children) child.disconnect()
    },
  }
}
