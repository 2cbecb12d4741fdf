import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'

/** URLs of a group's two queues. */
export interface GroupQueues {
  url: string
  deadLetterUrl: string
}

/** Asks where a group's queues are. Rejects with the SDK's error where either is missing. */
export async function findGroupQueues(sqs: SQSClient, group: string): Promise<GroupQueues> {
  const [queue, deadLetters] = await Promise.all(
    [group, deadLetterQueueOf(group)].map((QueueName) => sqs.send(new GetQueueUrlCommand({ QueueName }))),
  )
  return { url: queue?.QueueUrl ?? '', deadLetterUrl: deadLetters?.QueueUrl ?? '' }
}
