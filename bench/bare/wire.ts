import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { Kafka, logLevel } from 'kafkajs'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { bareQueueArn, bareTopicArn } from './names.ts'

/** Where a bare client finds its broker: an endpoint of SNS and SQS, or brokers of Kafka with commas between them. */
export type BareBroker = { endpoint: string } | { kafka: string }

/** That of a broker of the lab, by the environment of one of its processes; undefined if there is no bare client for it. */
export function bareBrokerOf(broker: BrokerName, env: Record<string, string | undefined>): BareBroker | undefined {
  const brokers: Partial<Record<BrokerName, BareBroker>> = {
    local: { endpoint: env.AWS_ENDPOINT_URL ?? '' },
    redis: { endpoint: env.SNS_SQS_REDIS_ENDPOINT_URL ?? '' },
    kafka: { kafka: env.KAFKA_BROKERS ?? '' },
  }
  return brokers[broker]
}

/** A topic and the queues that it is given to; on Kafka groups make themselves. */
export interface BareWiring {
  topic: string
  queues: readonly string[]
}

/** As many as the lab's topics have. */
const partitions = 6

/** Makes topics and queues if they are not there yet. */
export async function wireBare(broker: BareBroker, wiring: readonly BareWiring[]): Promise<void> {
  await ('kafka' in broker ? wireKafka(broker.kafka, wiring) : wireQueues(broker.endpoint, wiring))
}

/** Environment of a bare process: the address of its broker, and the credentials that the AWS SDK requires. */
export const bareEnvironment = (broker: BareBroker): Record<string, string> => ({
  ...('kafka' in broker ? { BARE_KAFKA: broker.kafka } : { BARE_ENDPOINT: broker.endpoint }),
  ...{ AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
})

async function wireKafka(brokers: string, wiring: readonly BareWiring[]): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: wiring.map(({ topic }) => ({ topic, numPartitions: partitions })) })
  await admin.disconnect()
}

async function wireQueues(endpoint: string, wiring: readonly BareWiring[]): Promise<void> {
  const options = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } }
  const sns = new SNSClient(options)
  const sqs = new SQSClient(options)
  for (const { topic, queues } of wiring) {
    await sns.send(new CreateTopicCommand({ Name: topic }))
    for (const queue of queues) {
      await sqs.send(new CreateQueueCommand({ QueueName: queue }))
      await sns.send(
        new SubscribeCommand({
          TopicArn: bareTopicArn(topic),
          Protocol: 'sqs',
          Endpoint: bareQueueArn(queue),
          Attributes: { RawMessageDelivery: 'true' },
        }),
      )
    }
  }
}
