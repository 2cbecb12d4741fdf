import { DeleteTopicCommand, type SNSClient } from '@aws-sdk/client-sns'
import { DeleteQueueCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { Leavings } from '../../broker.ts'
import { type AwsPlace, topicArn } from './names.ts'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && /^(QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|NotFound)/.test(error.name)

/** Deletes the queues of groups, dead-letter queues included, and topics; what is not there is gone already. */
export async function dropLeavings(
  { sns, sqs, place }: { sns: SNSClient; sqs: SQSClient; place: AwsPlace },
  { groups, topics }: Leavings,
): Promise<void> {
  const deleteQueue = async (QueueName: string): Promise<void> => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }))
    await sqs.send(new DeleteQueueCommand({ QueueUrl }))
  }
  const deleteTopic = async (topic: string): Promise<void> => {
    await sns.send(new DeleteTopicCommand({ TopicArn: topicArn(place, topic) }))
  }
  const work = [
    ...groups.flatMap((group) => [deleteQueue(group), deleteQueue(deadLetterQueueOf(group))]),
    ...topics.map(deleteTopic),
  ]
  for (const result of await Promise.allSettled(work))
    if (result.status === 'rejected' && !isMissing(result.reason)) throw result.reason
}
