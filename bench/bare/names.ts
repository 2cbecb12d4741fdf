const account = '123456789012'

export const bareTopic = 'bare_orders'
export const bareTopicArn = (topic: string): string => `arn:aws:sns:us-east-1:${account}:${topic}`
/** Queues on SQS, groups on Kafka. */
export const bareQueues = ['bare-email', 'bare-db'] as const
export const bareQueueArn = (queue: string): string => `arn:aws:sqs:us-east-1:${account}:${queue}`
export const bareQueueUrl = (endpoint: string, queue: string): string => `${endpoint}/${account}/${queue}`
