import { ListSubscriptionsCommand, type SNSClient } from '@aws-sdk/client-sns'
import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { BrokerSnapshot, QueueDepth } from '../../broker.ts'
import { createLimit } from './limit.ts'
import { groupsAmong, nameOfArn, nameOfQueueUrl } from './names.ts'

/** A subscription of a queue to a topic, by their names. */
export interface StandingBinding {
  arn: string
  topic: string
  group: string
}

/** Every queue subscription that the service reports. */
export async function listBindings(sns: SNSClient): Promise<StandingBinding[]> {
  const bindings: StandingBinding[] = []
  let NextToken: string | undefined
  do {
    const page = await sns.send(new ListSubscriptionsCommand({ NextToken }))
    for (const { SubscriptionArn, TopicArn, Protocol, Endpoint } of page.Subscriptions ?? []) {
      if (Protocol !== 'sqs' || !SubscriptionArn?.startsWith('arn:') || !TopicArn || !Endpoint) continue
      bindings.push({ arn: SubscriptionArn, topic: nameOfArn(TopicArn), group: nameOfArn(Endpoint) })
    }
    NextToken = page.NextToken
  } while (NextToken)
  return bindings
}

/** A lab may have a thousand queues: each request has a connection of its own. */
export const requestsAtATime = 50

/** Names of all queues. */
export async function listQueues(sqs: SQSClient): Promise<string[]> {
  return (await listQueueUrls(sqs)).map(nameOfQueueUrl)
}

async function listQueueUrls(sqs: SQSClient): Promise<string[]> {
  const urls: string[] = []
  let NextToken: string | undefined
  do {
    const page = await sqs.send(new ListQueuesCommand({ MaxResults: 1_000, NextToken }))
    urls.push(...(page.QueueUrls ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return urls
}

/** Depths of the groups' queues, and the bindings, as the service itself counts them. */
export async function inspectQueues(sns: SNSClient, sqs: SQSClient): Promise<BrokerSnapshot> {
  const [urls, bindings] = await Promise.all([listQueueUrls(sqs), listBindings(sns)])
  const urlOf = new Map(urls.map((url) => [nameOfQueueUrl(url), url]))
  const groups = groupsAmong(urlOf.keys())
  const limit = createLimit(requestsAtATime)
  const queues = await Promise.all(
    groups.map(async (group): Promise<QueueDepth> => {
      const [queue, deadLetters] = await Promise.all([
        limit(() => countsOf(sqs, urlOf.get(group))),
        limit(() => countsOf(sqs, urlOf.get(deadLetterQueueOf(group)))),
      ])
      // Dead letters that someone looks at now are still dead letters.
      return { group, ...queue, deadLetters: deadLetters.visible + deadLetters.inFlight + deadLetters.delayed }
    }),
  )
  const known = new Set(groups)
  return {
    queues,
    bindings: bindings
      .filter(({ group }) => known.has(group))
      .map(({ topic, group }) => ({ topic, group }))
      .sort((a, b) => a.topic.localeCompare(b.topic) || a.group.localeCompare(b.group)),
  }
}

async function countsOf(sqs: SQSClient, QueueUrl: string | undefined) {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  })
  const { Attributes = {} } = await sqs.send(command)
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  }
}
