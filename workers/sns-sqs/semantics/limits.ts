/** Quotas of SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html */
export const sqsLimits = {
  messageBytes: 1_048_576,
  batchEntries: 10,
  receiveMessages: 10,
  visibilityTimeoutSeconds: 43_200,
  delaySeconds: 900,
  waitSeconds: 20,
  messageAttributes: 10,
  purgeEveryMs: 60_000,
} as const

/** Quotas of SNS: https://docs.aws.amazon.com/general/latest/gr/sns.html */
export const snsLimits = { messageBytes: 262_144, subjectCharacters: 100, filterPoliciesOfTopic: 200 } as const

/** A request may be form encoded, which triples a byte at worst, and carries names beside the messages. */
export const requestBytes = 4 * 1_048_576
