import { z } from 'zod'
import { brokerName } from '../../brokers/broker-name.ts'

/** Messages of a queue that one page lists at most, and how far into a queue pages go. */
export const peekPageSize = 50
export const peekDepth = 1_000
export const peekBodyCharacters = 16_384

/** The last part of an ARN. */
export const nameOfArn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)

export const arn = z.string().min(1).max(400)
const named = z.object({
  arn: z.string(),
  name: z.string(),
  account: z.string(),
  region: z.string(),
  fifo: z.boolean(),
  /** Whether the lab itself declared it. */
  lab: z.boolean(),
  /** Attributes by AWS's own names and in AWS's own texts. */
  attributes: z.record(z.string(), z.string()),
})

export const queueRow = named.extend({
  visible: z.int(),
  inFlight: z.int(),
  delayed: z.int(),
  /** Milliseconds since the oldest message was sent; absent if the queue is empty or the age is not known. */
  oldestMs: z.number().optional(),
  /** ARN of the queue that takes what is received too often, and how often that is. */
  deadLetterQueue: z.string().optional(),
  maxReceiveCount: z.int().optional(),
  /** ARNs of the queues whose dead letters come here. */
  deadLettersOf: z.array(z.string()),
})
export type QueueRow = z.infer<typeof queueRow>

export const topicRow = named.extend({ subscriptions: z.int() })
export type TopicRow = z.infer<typeof topicRow>

export const queueSubscription = z.object({
  arn: z.string(),
  topicArn: z.string(),
  protocol: z.string(),
  endpoint: z.string(),
  pending: z.boolean(),
  lab: z.boolean(),
  raw: z.boolean(),
  filterPolicy: z.string().optional(),
  filterPolicyScope: z.string(),
  redrivePolicy: z.string().optional(),
  /** RFC 3339. */
  createdAt: z.string().optional(),
})
export type QueueSubscription = z.infer<typeof queueSubscription>

/** Answer of `GET /api/queues`. */
export const queuesView = z.object({
  broker: brokerName,
  /** simulator: everything can be done; read-only: another SQS answers, and only what changes nothing is asked; none: this broker has no queues. */
  service: z.enum(['simulator', 'read-only', 'none']),
  /** Why not everything can be done. */
  reason: z.string().optional(),
  endpoint: z.string().optional(),
  queues: z.array(queueRow),
  topics: z.array(topicRow),
  subscriptions: z.array(queueSubscription),
  /** There are more than the 1,000 of a kind that are listed. */
  truncated: z.boolean(),
})
export type QueuesView = z.infer<typeof queuesView>

export const messageAttribute = z.strictObject({
  DataType: z.string().min(1).max(256),
  StringValue: z.string().max(262_144).optional(),
  /** Base64. */
  BinaryValue: z
    .string()
    .regex(/^[A-Za-z0-9+/]*={0,2}$/, { message: 'is not base64' })
    .max(524_288)
    .optional(),
})
export const messageAttributes = z
  .record(z.string().min(1).max(256), messageAttribute)
  .refine((all) => Object.keys(all).length <= 100, { message: 'has more than 100 attributes' })
export type QueueMessageAttributes = z.infer<typeof messageAttributes>

export const messagesQuery = z.strictObject({
  arn,
  offset: z.coerce.number().int().min(0).max(peekDepth).default(0),
  limit: z.coerce.number().int().min(1).max(peekPageSize).default(peekPageSize),
})

export const queueMessage = z.object({
  messageId: z.string(),
  state: z.enum(['visible', 'in-flight', 'delayed']),
  /** Deliveries of it so far. */
  receives: z.int(),
  /** RFC 3339. */
  sentAt: z.string(),
  /** Milliseconds until it is visible again; 0 for one that is. */
  visibleInMs: z.number(),
  /** Its first characters. */
  body: z.string(),
  /** How many there are, where not all are shown. */
  bodyCharacters: z.int().optional(),
  attributes: z.record(z.string(), z.object({ DataType: z.string(), StringValue: z.string().optional() })),
  groupId: z.string().optional(),
  deduplicationId: z.string().optional(),
  /** ARN of the queue that gave it up. */
  deadLetterSource: z.string().optional(),
  /** Absent for a message that the lab did not publish. */
  labMessageId: z.string().optional(),
})
export type QueueMessage = z.infer<typeof queueMessage>

/** Answer of `GET /api/queues/messages`: a look that changes no count and no visibility. */
export const queueMessages = z.object({
  arn: z.string(),
  offset: z.int(),
  total: z.int(),
  visible: z.int(),
  inFlight: z.int(),
  delayed: z.int(),
  items: z.array(queueMessage),
  /** Whether another page follows, as far as pages go. */
  more: z.boolean(),
})
export type QueueMessages = z.infer<typeof queueMessages>

export const arnQuery = z.strictObject({ arn })

/** Attributes and tags of a queue, a topic or a subscription, as AWS's own calls answer them. */
export const queueDetails = z.object({
  arn: z.string(),
  attributes: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
})
export type QueueDetails = z.infer<typeof queueDetails>

/** Body of `PUT /api/queues/attributes`. Those that are not named stay; the empty text takes a policy away. */
export const queueAttributesInput = z.strictObject({
  arn,
  attributes: z
    .record(z.string().min(1).max(100), z.string().max(262_144))
    .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 30, {
      message: 'give 1 to 30 attributes',
    }),
})
export type QueueAttributesInput = z.infer<typeof queueAttributesInput>

/** Body of `PUT /api/queues/tags`: all of them. */
export const queueTagsInput = z.strictObject({
  arn,
  tags: z.record(z.string().max(128), z.string().max(256)).refine((all) => Object.keys(all).length <= 50, {
    message: 'has more than 50 tags',
  }),
})
export type QueueTagsInput = z.infer<typeof queueTagsInput>

/** Body of `POST /api/queues`. */
export const queueCreateInput = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['queue', 'topic']),
    /** Ends in `.fifo` for a FIFO one. */
    name: z.string().min(1).max(256),
  }),
  z.strictObject({
    kind: z.literal('subscription'),
    topicArn: arn,
    queueArn: arn,
    raw: z.boolean().default(true),
    filterPolicy: z.string().max(262_144).optional(),
    filterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
  }),
])
export type QueueCreateInput = z.infer<typeof queueCreateInput>
export const queueCreated = z.object({ arn: z.string() })

/** Body of `POST /api/queues/send`. */
export const queueSendInput = z.strictObject({
  arn,
  body: z.string().max(1_048_576),
  attributes: messageAttributes.default({}),
  delaySeconds: z.int().min(-1).max(1_000_000).optional(),
  groupId: z.string().max(200).optional(),
  deduplicationId: z.string().max(200).optional(),
})
export type QueueSendInput = z.infer<typeof queueSendInput>

/** Body of `POST /api/queues/publish`. */
export const topicPublishInput = z.strictObject({
  arn,
  body: z.string().max(262_144),
  subject: z.string().max(200).optional(),
  attributes: messageAttributes.default({}),
  groupId: z.string().max(200).optional(),
  deduplicationId: z.string().max(200).optional(),
})
export type TopicPublishInput = z.infer<typeof topicPublishInput>
export const queueSent = z.object({ messageId: z.string(), sequenceNumber: z.string().optional() })

/** Body of `POST /api/queues/purge` and `POST /api/queues/delete`. */
export const queueRemoveInput = z.strictObject({
  arn,
  /** Messages that are lost with it, as a dry run said; absent: a dry run. More of them by now is refused. */
  confirm: z.int().min(0).optional(),
})
export const queueRemoved = z.object({
  state: z.enum(['dry_run', 'done']),
  /** Messages that were in the queue. */
  messages: z.int(),
  /** Whether the lab itself uses it. */
  lab: z.boolean(),
})
export type QueueRemoved = z.infer<typeof queueRemoved>

/** A task that moves the messages of a dead-letter queue. */
export const queueMove = z.object({
  /** Stops it; absent once it is over. */
  task: z.string().optional(),
  state: z.string(),
  source: z.string(),
  /** Absent: each to where it came from. */
  destination: z.string().optional(),
  perSecond: z.int().optional(),
  moved: z.int(),
  toMove: z.int().optional(),
  /** RFC 3339. */
  startedAt: z.string(),
  failure: z.string().optional(),
})
export type QueueMove = z.infer<typeof queueMove>
export const queueMoves = z.object({ items: z.array(queueMove) })

/** Body of `POST /api/queues/moves`. */
export const queueMoveInput = z.strictObject({
  source: arn,
  destination: arn.optional(),
  perSecond: z.int().min(1).max(500).optional(),
})
export type QueueMoveInput = z.infer<typeof queueMoveInput>
export const queueMoveStarted = z.object({ task: z.string() })
export const queueMoveCancelInput = z.strictObject({ source: arn, task: z.string().min(1).max(2_000) })
export const queueMoveCancelled = z.object({ moved: z.int() })
