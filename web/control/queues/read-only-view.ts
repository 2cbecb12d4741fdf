import { ListSubscriptionsCommand, ListTopicsCommand } from '@aws-sdk/client-sns'
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs'
import type { QueueRow, QueuesView } from '#contracts/api/queues/queues.ts'
import type { AwsClients } from './aws-clients.ts'
import { type LabNames, queueRowView, subscriptionRow, topicRowView, withSources } from './queue-views.ts'

/** Queues that one look asks for: each costs a request, and AWS counts them. */
const mostQueues = 100

/** What another SQS than the simulator says of the lab's account and region, by calls that change nothing. */
export async function readOnlyView(
  { sqs, sns }: AwsClients,
  lab: LabNames,
): Promise<Pick<QueuesView, 'queues' | 'topics' | 'subscriptions' | 'truncated'>> {
  const [listed, topics, subscriptions] = await Promise.all([
    sqs.send(new ListQueuesCommand({ MaxResults: mostQueues })),
    sns.send(new ListTopicsCommand({})),
    sns.send(new ListSubscriptionsCommand({})),
  ])
  const queues = await Promise.all(
    (listed.QueueUrls ?? []).slice(0, mostQueues).map(async (QueueUrl): Promise<QueueRow[]> => {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
      const attributes = Attributes as Record<string, string>
      const row = queueRowView(
        {
          arn: attributes.QueueArn ?? '',
          attributes,
          visible: Number(attributes.ApproximateNumberOfMessages ?? 0),
          inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
          delayed: Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0),
        },
        lab,
      )
      return row === undefined ? [] : [row]
    }),
  )
  const standing = subscriptions.Subscriptions ?? []
  return {
    queues: withSources(queues.flat()),
    topics: (topics.Topics ?? []).flatMap(({ TopicArn: arn = '' }) => {
      const count = standing.filter(({ TopicArn }) => TopicArn === arn).length
      return topicRowView({ arn, attributes: {} }, count, lab) ?? []
    }),
    subscriptions: standing.map(({ SubscriptionArn = '', TopicArn = '', Protocol = '', Endpoint = '' }) =>
      subscriptionRow(
        {
          ...{ arn: SubscriptionArn, topicArn: TopicArn, protocol: Protocol, endpoint: Endpoint, attributes: {} },
          pending: !SubscriptionArn.startsWith('arn:'),
        },
        lab,
      ),
    ),
    truncated: [listed.NextToken, topics.NextToken, subscriptions.NextToken].some((token) => token !== undefined),
  }
}
