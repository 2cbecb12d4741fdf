import { z } from 'zod'
import { arn, messageAttributes } from './queues.ts'

/** Body of `POST /api/queues/explain`: a message of the lab by its id, or one that is written down. */
export const explainQuestion = z
  .strictObject({
    subscriptionArn: arn,
    labMessageId: z.string().max(300).optional(),
    /** What SNS answered when it was published; then it is looked for in the queue. */
    messageId: z.string().max(100).optional(),
    body: z.string().max(262_144).optional(),
    attributes: messageAttributes.default({}),
    groupId: z.string().max(200).optional(),
    /** Judged in place of the subscription's own; nothing is saved. */
    filterPolicy: z.string().max(262_144).optional(),
    filterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
  })
  .refine(({ labMessageId, body }) => (labMessageId === undefined) !== (body === undefined), {
    message: 'give labMessageId or body',
  })
export type ExplainQuestion = z.input<typeof explainQuestion>

export const conditionVerdict = z.object({ condition: z.unknown(), passes: z.boolean() })
const keyFields = {
  key: z.string(),
  passes: z.boolean(),
  found: z.array(z.unknown()).optional(),
  conditions: z.array(conditionVerdict),
}
export interface KeyVerdict {
  key: string
  passes: boolean
  found?: unknown[] | undefined
  conditions: z.infer<typeof conditionVerdict>[]
  /** Of `$or`. */
  anyOf?: KeyVerdict[][] | undefined
}
/** One key of a filter policy; within `$or` there are policies of such keys. */
export const keyVerdict: z.ZodType<KeyVerdict> = z.lazy(() =>
  z.object({ ...keyFields, anyOf: z.array(z.array(keyVerdict)).optional() }),
)

/** One thing on the way of a message, in order. */
export const explainStep = z.object({
  step: z.enum(['topic', 'subscription', 'filter', 'queue', 'access', 'fault', 'arrival']),
  verdict: z.enum(['ok', 'stops', 'may-stop']),
  code: z.string(),
  text: z.string(),
  /** RFC 3339. */
  at: z.string().optional(),
})
export type ExplainStep = z.infer<typeof explainStep>

/** Answer of `POST /api/queues/explain`. */
export const queueExplanation = z.object({
  subscriptionArn: z.string(),
  topicArn: z.string(),
  endpoint: z.string(),
  raw: z.boolean(),
  /** Whether this message would be delivered in the present state. */
  passes: z.boolean(),
  steps: z.array(explainStep),
  filter: z
    .object({
      scope: z.enum(['MessageAttributes', 'MessageBody']),
      passes: z.boolean(),
      combinations: z.number(),
      readable: z.boolean(),
      keys: z.array(keyVerdict),
    })
    .optional(),
})
export type QueueExplanation = z.infer<typeof queueExplanation>

/** Body of `POST /api/queues/try`: another policy for a subscription. */
export const policyTrial = z.strictObject({
  subscriptionArn: arn,
  /** Empty: no policy. */
  filterPolicy: z.string().max(262_144),
  filterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
})
export type PolicyTrialInput = z.input<typeof policyTrial>

const trialGroup = z.object({
  count: z.int(),
  /** The newest of them, at most five. */
  ids: z.array(z.string()),
})

/** Answer of `POST /api/queues/try`: the newest messages of the lab that were published to the topic, at most 500, by both policies. */
export const policyTrialResult = z.object({
  topic: z.string(),
  judged: z.int(),
  /** How many pass with the policy in effect, and how many would with the other one. */
  passNow: z.int(),
  passThen: z.int(),
  /** Those that would pass and do not now, and the other way. */
  gained: trialGroup,
  lost: trialGroup,
})
export type PolicyTrialResult = z.infer<typeof policyTrialResult>
