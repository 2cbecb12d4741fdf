import type { ReceiveAttempts } from './receive-attempts.ts'

/**
 * Where queues, topics and subscriptions live. About a dozen operations, each atomic: it happens whole or not at all,
 * and no other operation is seen half way through it. Rules Q1…Qn are in SPEC.md, each held by
 * `queue-store.contract.ts` for every store. Times are epoch milliseconds of the store's own clock.
 */
export interface QueueStore {
  /** All declared queues, topics and subscriptions now. */
  declarations(): Promise<Declarations>
  /**
   * The same as this process knows it, without asking: where others declare too, what they did a moment ago may be
   * missing. What is done on the strength of it is checked, see `accept`.
   */
  knownDeclarations(): Promise<Declarations>
  /**
   * Changes declarations in one step. `decide` is given what is declared and says what to change; it may throw, then
   * nothing changes, and it may be called again where another writer came first.
   */
  declare<T>(decide: (current: Declarations) => { changes: DeclarationChange[]; result: T }): Promise<T>
  /**
   * Takes messages, each into all of its queues: all or none, also across a crash. Resolves once they are as durable
   * as the store promises; rejects with `StoreUnavailable`, then none was taken, or with `OutcomeUnknown`. Legs to unknown
   * queues are ignored, and so is what repeats an earlier message within the deduplication interval. `basedOn`: the
   * declarations from which the legs were worked out; rejects with `DeclarationsChanged` if they are not those of
   * now, then none was taken. One outcome per message, in order.
   */
  accept(messages: NewMessage[], basedOn?: Declarations): Promise<AcceptOutcome[]>
  /** Takes up to `max` visible messages out of sight. Does not wait. Rejects with `UnknownQueue`, `TooManyInFlight`. */
  receive(queue: string, options: ReceiveOptions): Promise<ReceiveResult>
  /** Deletes by receipt. One outcome per receipt, in order. */
  delete(queue: string, receipts: string[]): Promise<ReceiptOutcome[]>
  /** Sets the moment at which received messages are visible again. One outcome per change, in order. */
  changeVisibility(queue: string, changes: VisibilityChange[]): Promise<ReceiptOutcome[]>
  /**
   * Takes up to `max` visible messages out of `from`, in its order, each as a new one into a queue of `to`: that of the
   * source from which it came as a dead letter, or `anywhere`. Stops at the first that has no such queue.
   */
  move(from: string, to: MoveTargets, max: number): Promise<MoveResult>
  /** Exact counts at this moment. */
  counts(queue: string): Promise<QueueCounts>
  /** Reads up to `limit` messages without touching anything, the oldest first. */
  peek(queue: string, limit: number): Promise<PeekedMessage[]>
  /** The same of single messages by key, in order; undefined in place of one that the queue does not hold. */
  look(queue: string, keys: number[]): Promise<(PeekedMessage | undefined)[]>
  /** Receives that can be repeated. */
  readonly attempts: ReceiveAttempts
  /** Deletes every message of a queue. */
  purge(queue: string): Promise<void>
  /** Deletes everything. */
  reset(): Promise<void>
  /** Called when messages of a queue are, or at `at` will be, visible, after any operation that changes this. */
  onVisible(listener: (queue: string, at: number) => void): void
  /** Where `onVisible` may miss what others do: how often a waiter looks by itself, in milliseconds. */
  readonly lookAgainMs?: number
  /** What a person should know about the store, in sentences; none where all is well. */
  notices(): string[]
  /** Makes everything accepted durable and lets go of files. Later operations reject. */
  close(): Promise<void>
}

/** What the store acts on; derived from the queue's attributes. */
export interface QueueSettings {
  visibilityTimeoutMs: number
  delayMs: number
  retentionMs: number
  receiveWaitMs: number
  maximumMessageBytes: number
  /** `deadLetterQueue` is that queue's name in the store. */
  redrive?: { deadLetterQueue: string; maxReceiveCount: number }
  /** Present where the queue keeps the order of each message group and drops repeated messages. */
  fifo?: FifoSettings
}

export interface FifoSettings {
  deduplicatesWithin: 'queue' | 'group'
  /** What holds in its place until a moment, while a change spreads. */
  before?: { deduplicatesWithin: 'queue' | 'group'; until: number }
}

export interface QueueDefinition {
  /** Unique in the store: the queue's ARN. */
  name: string
  arn: string
  createdAt: number
  modifiedAt: number
  settings: QueueSettings
  /** As set by the user, AWS names and texts. */
  attributes: Record<string, string>
  tags: Record<string, string>
}

export interface TopicDefinition {
  arn: string
  attributes: Record<string, string>
  tags: Record<string, string>
}

export interface SubscriptionDefinition {
  arn: string
  topicArn: string
  protocol: string
  /** What the protocol calls an address; for `sqs` the ARN of the queue. */
  endpoint: string
  /** The name of the queue in the store; empty if the endpoint is no queue. */
  queue: string
  attributes: Record<string, string>
  /** What has to be sent back before anything is delivered; absent once it was. */
  pendingToken?: string
  /** Whether only its owner may end it: confirmed with `AuthenticateOnUnsubscribe`, or a queue. */
  authenticated?: boolean
  /** Epoch milliseconds; absent in those that an older version made. */
  createdAt?: number
}

/** Anything else that is declared and kept: a move task, a platform application, settings of text messages, a subscription that ended a moment ago. */
export interface RecordDefinition {
  /** Unique within `kind`. */
  id: string
  kind: RecordKind
  /** JSON text that whoever owns the kind writes and reads. */
  value: string
}
export type RecordKind =
  | 'move-task'
  | 'platform-application'
  | 'platform-endpoint'
  | 'sms'
  | 'deleted-queue'
  | 'ended-subscription'
  | 'signing'

export interface Declarations {
  /** By name. */
  queues: ReadonlyMap<string, QueueDefinition>
  /** By ARN. */
  topics: ReadonlyMap<string, TopicDefinition>
  /** By ARN. */
  subscriptions: ReadonlyMap<string, SubscriptionDefinition>
  /** Subscriptions of a topic, by the topic's ARN. */
  subscriptionsOf(topicArn: string): readonly SubscriptionDefinition[]
  /** By kind and id with a space between. */
  records: ReadonlyMap<string, RecordDefinition>
}

/** Removing a queue removes its messages, removing a topic its subscriptions. A changed queue keeps its messages. */
export type DeclarationChange =
  | { put: 'queue'; queue: QueueDefinition }
  | { put: 'topic'; topic: TopicDefinition }
  | { put: 'subscription'; subscription: SubscriptionDefinition }
  | { put: 'record'; record: RecordDefinition }
  | { remove: 'queue'; name: string }
  | { remove: 'topic'; arn: string }
  | { remove: 'subscription'; arn: string }
  | { remove: 'record'; kind: RecordKind; id: string }

export interface NewMessage {
  id: string
  body: string
  /** JSON text of the attribute map, in the form in which ReceiveMessage answers it; empty if there are none. */
  attributes: string
  /** Hexadecimal. Empty: computed when it is first asked for. */
  md5OfBody: string
  md5OfAttributes: string
  /** The X-Ray header, the one system attribute that a sender may set; empty if there is none. */
  traceHeader: string
  /** Empty if there is none. In a FIFO queue its messages keep their order. */
  groupId: string
  /** What tells it from others in a FIFO queue; empty elsewhere. */
  deduplicationId: string
  /** The queues that it goes to. No `delayMs`: the queue's own delay. */
  legs: { queue: string; delayMs?: number }[]
  /** The body is ASCII that JSON does not escape. Absent: nobody has looked. */
  plain?: boolean
  /** The topic's own deduplication: within `scope` an `id` is taken once, with all messages of one `token`. */
  once?: { scope: string; id: string; token: string }
}

/** What became of a message that was to be accepted. */
export interface AcceptOutcome {
  /** Of the message that is kept: this one, or that which it repeats; the token where it repeats a topic's. */
  id: string
  /** Its number in the order of acceptance. */
  seq: number
  repeated: boolean
}

/** Where moved messages go: one queue, or by ARN of the queue that gave them up the name of the queue. */
export type MoveTargets = { anywhere: string } | { bySource: ReadonlyMap<string, string> }

export interface MoveResult {
  moved: number
  /** Whether visible messages may be left. */
  more: boolean
  /** Why it stopped at a message: no queue for it. */
  stuck: boolean
}

/** A message as kept: once, however many queues it is in. */
export interface StoredMessage {
  /** Dense in order of acceptance. */
  readonly seq: number
  readonly id: string
  readonly body: string
  readonly attributes: string
  readonly traceHeader: string
  readonly groupId: string
  readonly deduplicationId: string
  readonly sentAt: number
  /** As in `NewMessage`; false after a restart. */
  readonly plain: boolean
  md5OfBody: string
  md5OfAttributes: string
}

export interface ReceiveOptions {
  max: number
  /** Default: the queue's own. */
  visibilityTimeoutMs?: number
}

export interface ReceivedMessage {
  message: StoredMessage
  /** Names this delivery. A new one at each receive. */
  receipt: string
  /** Its place in the order of its queue. */
  key: number
  /** Deliveries of it from this queue, from 1. */
  receiveCount: number
  /** Deliveries of it from the queues that gave it up before it came here. */
  receivedElsewhere: number
  firstReceivedAt: number
  /** ARN of the queue that gave it up, where this is a dead-letter queue; else empty. */
  deadLetterSource: string
}

export interface ReceiveResult {
  messages: ReceivedMessage[]
  /** When a later receive may find more; absent if only an arrival can bring one. */
  nextVisibleAt?: number
}

/**
 * `done` also if the message is gone already; `superseded`: a later receive holds it, nothing was changed; `expired`:
 * the same of a FIFO queue, or its timeout has passed, and nothing was changed.
 */
export type ReceiptOutcome = 'done' | 'superseded' | 'gone' | 'invalid' | 'expired'

export interface VisibilityChange {
  receipt: string
  timeoutMs: number
  /** In a standard queue an older receipt does it too, also after the timeout has passed. Default false. */
  byAnyReceipt?: boolean
}

export interface QueueCounts {
  visible: number
  inFlight: number
  delayed: number
  /** When the oldest message was sent; absent if the queue is empty. */
  oldestSentAt?: number
}

export interface PeekedMessage {
  message: StoredMessage
  state: 'visible' | 'in-flight' | 'delayed'
  visibleAt: number
  receiveCount: number
  deadLetterSource: string
}

export class UnknownQueue extends Error {
  override readonly name = 'UnknownQueue'
}

/** The limit of messages in flight is reached. */
export class TooManyInFlight extends Error {
  override readonly name = 'TooManyInFlight'
}

/** The declarations from which messages were addressed have changed; nothing was taken. Address them again. */
export class DeclarationsChanged extends Error {
  override readonly name = 'DeclarationsChanged'
}

/** The store may or may not have done it: the answer was lost. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

/** The store cannot take it now; nothing was taken and what was accepted before is kept. May be retried. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
