import {
  CreateTopicCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { Wiring } from '../../broker.ts'
import { listBindings, listQueues, requestsAtATime } from './inspect.ts'
import { createLimit } from './limit.ts'
import { type AwsPlace, groupsAmong, queueArn, topicArn } from './names.ts'

/** Fourteen days, the longest that SQS keeps a message. */
const retentionSeconds = '1209600'
/**
 * Receives after which SQS itself moves a message to the dead letters: only for one that keeps killing its worker, since
 * the consume loop counts attempts itself. Above the 100 attempts that a retry policy may ask for.
 */
const maxReceiveCount = 120

interface Binding {
  topic: string
  group: string
  filter: string
}

export interface WiringDeps {
  sns: SNSClient
  sqs: SQSClient
  place: AwsPlace
}

/** Makes the wiring real; repeating it changes nothing. Bindings of queues that are not the lab's stay as they are. */
export async function declareWiring(deps: WiringDeps, wiring: Wiring): Promise<void> {
  const limit = createLimit(requestsAtATime)
  await Promise.all([
    ...wiring.topics.map(({ topic }) => limit(() => deps.sns.send(new CreateTopicCommand({ Name: topic })))),
    ...wiring.groups.map(({ group }) => limit(() => declareQueues(deps, group))),
  ])
  const wanted = bindingsOf(wiring)
  const [standing, queues] = await Promise.all([listBindings(deps.sns), listQueues(deps.sqs)])
  const ours = new Set(groupsAmong(queues))
  const keyOf = ({ topic, group }: Pick<Binding, 'topic' | 'group'>): string => `${topic}\n${group}`
  const standingBy = new Map(standing.map((binding) => [keyOf(binding), binding]))
  const wantedKeys = new Set(wanted.map(keyOf))
  await Promise.all([
    ...wanted.map((binding) =>
      limit(async () => {
        const known = standingBy.get(keyOf(binding))
        if (known === undefined) await bind(deps, binding)
        else await rebind(deps.sns, known.arn, binding)
      }),
    ),
    ...standing
      .filter((binding) => ours.has(binding.group) && !wantedKeys.has(keyOf(binding)))
      .map(({ arn }) => limit(() => deps.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn })))),
  ])
}

/** A group is bound to a topic by those of the topic's types that it takes; to none where it takes none. */
function bindingsOf(wiring: Wiring): Binding[] {
  const typesOf = new Map(wiring.topics.map(({ topic, types }) => [topic, types]))
  return wiring.groups.flatMap(({ group, topics, types: subscribesTo }) =>
    topics.flatMap((topic) => {
      const both = (typesOf.get(topic) ?? []).filter((type) => subscribesTo.includes(type)).sort()
      return both.length === 0 ? [] : [{ topic, group, filter: JSON.stringify({ ce_type: both }) }]
    }),
  )
}

async function declareQueues({ sqs, place }: WiringDeps, group: string): Promise<void> {
  const deadLetters = deadLetterQueueOf(group)
  const create = async (QueueName: string, Attributes: Record<string, string>) => {
    // First without attributes: SQS refuses to create a queue that is with others.
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }))
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
  }
  await create(deadLetters, { MessageRetentionPeriod: retentionSeconds })
  await create(group, {
    MessageRetentionPeriod: retentionSeconds,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(place, deadLetters), maxReceiveCount }),
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queueArn(place, group),
          Condition: { ArnLike: { 'aws:SourceArn': topicArn(place, '*') } },
        },
      ],
    }),
  })
}

async function bind({ sns, place }: WiringDeps, { topic, group, filter }: Binding): Promise<void> {
  const command = new SubscribeCommand({
    TopicArn: topicArn(place, topic),
    Protocol: 'sqs',
    Endpoint: queueArn(place, group),
    Attributes: { RawMessageDelivery: 'true', FilterPolicy: filter },
    ReturnSubscriptionArn: true,
  })
  await sns.send(command)
}

async function rebind(sns: SNSClient, SubscriptionArn: string, { filter }: Binding): Promise<void> {
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
  await set('RawMessageDelivery', 'true')
  await set('FilterPolicy', filter)
}
