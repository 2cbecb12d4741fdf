import { deadLetterQueueOf } from '#contracts/api/topology.ts'

/** Where the lab's topics and queues live. */
export interface AwsPlace {
  region: string
  /** Twelve digits. */
  accountId: string
}

/** The topic of the lab with this name, as SNS calls it. */
export const topicArn = (place: AwsPlace, topic: string): string =>
  `arn:aws:sns:${place.region}:${place.accountId}:${topic}`

/** The queue with this name, as SNS calls it. A consumer group's queue has the group's name. */
export const queueArn = (place: AwsPlace, queue: string): string =>
  `arn:aws:sqs:${place.region}:${place.accountId}:${queue}`

/** The last part of an ARN: the topic's or queue's own name. */
export const nameOfArn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)

/** The last part of a queue's URL: its name. */
export const nameOfQueueUrl = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

/** Of all queue names, those that are a group's: a dead-letter queue of that name is beside them. */
export function groupsAmong(queues: Iterable<string>): string[] {
  const names = new Set(queues)
  return [...names].filter((name) => names.has(deadLetterQueueOf(name))).sort()
}
