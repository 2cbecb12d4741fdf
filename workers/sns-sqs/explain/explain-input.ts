import { z } from 'zod'
import { AwsError } from '../protocol/aws-error.ts'
import { isFifoName } from '../semantics/names.ts'
import { checkedPublication, type Publication } from '../semantics/publication.ts'
import type { TopicDefinition } from '../stores/queue-store.ts'

const attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  /** Base64. */
  BinaryValue: z.string().optional(),
})

/** A message as one publishes it. */
const publishedMessage = z.object({
  message: z.string(),
  /** `json`: the message is one text per protocol. */
  messageStructure: z.string().optional(),
  subject: z.string().optional(),
  messageAttributes: z.record(z.string(), attribute).default({}),
  messageGroupId: z.string().optional(),
  messageDeduplicationId: z.string().optional(),
  /** What SNS answered when it was published: then it is looked for in the queue, too. */
  messageId: z.string().optional(),
  /** Epoch milliseconds on the simulator's clock. */
  publishedAt: z.number().optional(),
})

const judgedBy = z.object({
  subscriptionArn: z.string(),
  /** Judged in place of the subscription's own; nothing is changed. The empty text is no policy. */
  filterPolicy: z.string().optional(),
  filterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
})

/** Body of `POST /_faultline/sns/explain`: a message, and the subscription that it is asked about. */
export const explainInput = publishedMessage.extend(judgedBy.shape)
export type ExplainInput = z.infer<typeof explainInput>

/** Messages that one request has judged at most. */
const mostTried = 500

/** Body of `POST /_faultline/sns/try`: many messages, and the subscription whose policy is tried. */
export const trialInput = judgedBy.extend({ messages: z.array(publishedMessage).max(mostTried) })
export type TrialInput = z.infer<typeof trialInput>

/** The publication, or why the topic does not take it, in AWS's words. */
export function publicationOf(input: ExplainInput, topic: TopicDefinition, newId: string): Publication | AwsError {
  const attributes = Object.fromEntries(
    Object.entries(input.messageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue }),
      },
    ]),
  )
  const kind = { fifo: isFifoName(topic.arn), byContent: topic.attributes.ContentBasedDeduplication === 'true' }
  try {
    return checkedPublication(
      {
        message: input.message,
        structure: input.messageStructure,
        subject: input.subject,
        attributes,
        groupId: input.messageGroupId,
        // Whether it repeats another is not asked.
        deduplicationId: input.messageDeduplicationId ?? (kind.fifo && !kind.byContent ? newId : undefined),
      },
      kind,
      input.messageId ?? newId,
    )
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}
