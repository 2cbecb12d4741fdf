import { CreateTopicCommand, DeleteTopicCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
} from '@aws-sdk/client-sqs'
import type { QueueCreateInput } from '#contracts/api/queues/queues.ts'
import { awsProblem } from './aws-refusal.ts'
import { namedIn, type QueuePlace, queueUrlOf } from './queue-place.ts'

/** Makes a queue, a topic or a subscription; answers with its ARN. */
export async function createThing(place: QueuePlace, input: QueueCreateInput): Promise<string> {
  const { clients, at } = place
  try {
    if (input.kind === 'subscription') {
      const { topicArn, queueArn, raw, filterPolicy = '', filterPolicyScope } = input
      namedIn(topicArn, 'topic')
      namedIn(queueArn, 'queue')
      const command = new SubscribeCommand({
        ...{ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn, ReturnSubscriptionArn: true },
        Attributes: {
          RawMessageDelivery: String(raw),
          ...(filterPolicyScope === undefined ? {} : { FilterPolicyScope: filterPolicyScope }),
          ...(filterPolicy === '' ? {} : { FilterPolicy: filterPolicy }),
        },
      })
      return (await clients.of(topicArn).sns.send(command)).SubscriptionArn ?? ''
    }
    const { name } = input
    const fifo = name.endsWith('.fifo')
    const { sqs, sns } = clients.of()
    if (input.kind === 'topic') {
      const command = new CreateTopicCommand({ Name: name, ...(fifo ? { Attributes: { FifoTopic: 'true' } } : {}) })
      return (await sns.send(command)).TopicArn ?? ''
    }
    const command = new CreateQueueCommand({ QueueName: name, ...(fifo ? { Attributes: { FifoQueue: 'true' } } : {}) })
    const { QueueUrl } = await sqs.send(command)
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
    return Attributes?.QueueArn ?? ''
  } catch (error) {
    const fields: Record<string, string> =
      input.kind === 'subscription' ? { FilterPolicy: '/filterPolicy', Endpoint: '/queueArn' } : { Name: '/name' }
    throw awsProblem(error, at, fields)
  }
}

/** Deletes every message of a queue. */
export async function purgeQueue(place: QueuePlace, arn: string): Promise<void> {
  const QueueUrl = await queueUrlOf(place, arn)
  try {
    await place.clients.of(arn).sqs.send(new PurgeQueueCommand({ QueueUrl }))
  } catch (error) {
    throw awsProblem(error, place.at)
  }
}

/** Deletes a queue with its messages, a topic with its subscriptions, or a subscription. */
export async function removeThing(place: QueuePlace, arn: string): Promise<void> {
  const { kind } = namedIn(arn, 'queue', 'topic', 'subscription')
  const { sqs, sns } = place.clients.of(arn)
  try {
    if (kind === 'topic') await sns.send(new DeleteTopicCommand({ TopicArn: arn }))
    else if (kind === 'subscription') await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }))
    else await sqs.send(new DeleteQueueCommand({ QueueUrl: await queueUrlOf(place, arn) }))
  } catch (error) {
    throw awsProblem(error, place.at)
  }
}
