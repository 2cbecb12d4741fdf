import type { DeadLetterReason, RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import type { DeadLetters } from './dead-letters.ts'

/** What the driver needs to know of the lab's wiring. Topics and groups are named as in the lab. */
export interface Wiring {
  topics: { topic: string; types: string[] }[]
  groups: { group: string; types: string[]; topics: string[] }[]
}

/** What a lab leaves in a broker when services and event types are taken out of it. */
export interface Leavings {
  groups: readonly string[]
  topics: readonly string[]
}

export type PublishOutcome =
  /** The broker has it. `ref` is the broker's own name for it. */
  | { state: 'acked'; ref: string }
  /** It certainly does not have it. */
  | { state: 'failed'; error: ErrorInfo }
  /** Nobody can tell: the answer never came. */
  | { state: 'indeterminate'; error: ErrorInfo }

/** One message handed to a group once. */
export interface Delivery {
  topic: string
  group: string
  /** Undefined if the bytes are not an event: see `raw`. */
  envelope?: Envelope
  /** The body as received. */
  raw: string
  /** The body if it is not UTF-8 text: `raw` then shows it with its gaps filled, and can not be sent on in its place. */
  bytes?: Buffer
  headers: Record<string, string>
  /** Handler runs of this message in this group as far as the broker knows, from 1. */
  attempt: number
  /** Deliveries of this message to this group, from 1. */
  receiveCount: number
  /** Epoch milliseconds when the worker took it. */
  receivedAt: number
  /** The broker's own name for its place, for example `partition@offset`. */
  ref?: string
}

/** How a delivery is settled. */
export type Settlement =
  /** Done: never again to this group. */
  | { kind: 'ack' }
  /** Again, after `delayMs`; the attempt counts. A broker that lacks the `mode` takes its nearest: SPEC.md, B11. */
  | { kind: 'retry'; delayMs: number; mode?: RetryPolicy['mode'] }
  /** Given back untouched, at once. */
  | { kind: 'release' }
  /** The broker hears nothing and gives it out again by its own rules, as if the worker had died with it. */
  | { kind: 'withheld' }
  /** To the group's dead-letter queue, with the original and the reason. */
  | { kind: 'dead-letter'; reason: DeadLetterReason; error: ErrorInfo; attempts: number }

/**
 * Handles a batch and says what becomes of each delivery, in the same order. A handler that rejects, or whose process
 * dies, means redelivery of the whole batch, never loss.
 */
export type DeliveryHandler = (deliveries: Delivery[]) => Promise<Settlement[]>

/**
 * What the broker said of a settlement: it has it (true), it could not be reached or said nothing (false), or it refused it since the
 * message had been given to another (`fenced`).
 */
export type Confirmation = boolean | 'fenced'

/** Called when the broker has confirmed settlements, refused them, or could not be reached. Same order as the batch. */
export type SettledListener = (deliveries: Delivery[], settlements: Settlement[], confirmed: Confirmation[]) => void

export interface SubscribeOptions {
  /** Batches that are handled at the same time. Default 4. */
  concurrency?: number
  /** Messages in a batch at most. A driver may give fewer. Default 10. */
  batchSize?: number
  onSettled?: SettledListener
  /** Broker not reachable / reachable again, in words for a person. */
  onTrouble?: (problem: string | undefined) => void
  /**
   * Whether others than this process send what the group takes. Where a process has more groups than its driver listens to at a time, those
   * that nobody here can announce come first. Default: true.
   */
  fromOutside?: boolean
  /** Called when partitions were given to this member of the group, or taken from it. Only if the broker has partitions. */
  onAssigned?: (assignment: GroupAssignment) => void
}

/** What a member of a group reads from now on. */
export interface GroupAssignment {
  /** Epoch milliseconds. */
  at: number
  memberId: string
  /** Counts the assignments of the group. */
  generation: number
  /** Empty if it has left or lost them. */
  partitions: { topic: string; partitions: number[] }[]
  reason: 'joined' | 'rebalanced' | 'left' | 'lost'
}

export interface RunningSubscription {
  /**
   * Takes no more, waits up to `graceMs` for what is in flight, settles what is done and gives the rest back.
   * Resolves when nothing is in flight; never rejects.
   */
  stop(graceMs: number): Promise<void>
  /** Deliveries taken and not yet settled. */
  inHand(): number
}

/** The broker's own count of a queue. */
export interface QueueDepth {
  group: string
  visible: number
  inFlight: number
  delayed: number
  deadLetters: number
}

/** One partition of a topic, where the broker has such. Offsets count from 0 and only grow. */
export interface PartitionState {
  topic: string
  partition: number
  /** The first offset that is still kept. */
  startOffset: number
  /** The offset that the next message gets. */
  endOffset: number
  /** Groups that read it; `committed` is the offset that they read next, null if they never committed. */
  groups: { group: string; committed: number | null }[]
  /** Of a topic that retries wait in: whose, and after which attempt (from 1; the last one also takes those after later attempts). */
  retry?: { group: string; level: number }
}

export interface BrokerSnapshot {
  queues: QueueDepth[]
  /** Wiring that the broker itself reports. */
  bindings: { topic: string; group: string }[]
  /** Of topics and retry topics that some group reads, by topic and partition; absent if the broker has no partitions. */
  partitions?: PartitionState[]
}

/** A record that a broker still keeps. */
export interface StoredCopy {
  body: string
  /** The body if it is not UTF-8 text. */
  bytes?: Buffer
  /** Whether `body` is only its beginning. Default false. */
  isCut?: boolean
  headers: Record<string, string>
  /** Absent if the broker knows no keys; null if the record has none. */
  key?: string | null
}

/** What a broker keeps after it was read. */
export interface BrokerLog {
  /**
   * Reads from offset `from` up to `to` (not with it), in order, until `take` answers false. What is not kept any more is skipped.
   * Rejects with `BrokerUnavailable` where the broker does not answer.
   */
  read(
    at: { topic: string; partition: number; from: number; to: number },
    take: (copy: StoredCopy) => boolean,
  ): Promise<void>
}

/**
 * A message broker, as promises. Rules B1…Bn are in SPEC.md, each held by `broker.contract.ts` for every driver.
 * At least once: duplicates can happen, loss of an acknowledged message cannot.
 */
export interface Broker {
  /** OpenTelemetry `messaging.system`. */
  readonly system: string
  /** Messages that groups gave up: to be looked at and sent back. */
  readonly deadLetters: DeadLetters
  /** Absent if a message is gone once its group has settled it. */
  readonly log?: BrokerLog
  /** Makes topics, queues, dead-letter queues and bindings as wired; idempotent; removes bindings no longer wired. */
  declare(wiring: Wiring): Promise<void>
  /**
   * Deletes queues and dead-letter queues of groups, and topics, with whatever they hold. To be called when they are wired no more and nobody
   * reads them; what is not there is gone already.
   */
  drop(leavings: Leavings): Promise<void>
  /** One outcome per envelope, in order. Resolves when all are known; rejects never. */
  publish(envelopes: Envelope[]): Promise<PublishOutcome[]>
  /** Starts delivering to `handle`. Survives a broker that goes away and comes back. */
  subscribe(group: string, handle: DeliveryHandler, options?: SubscribeOptions): Promise<RunningSubscription>
  /** Messages for these groups are there, or will be in a moment: a driver that listens to its groups in turn looks there next. */
  expect?(groups: readonly string[]): void
  /** Depths and bindings now. Rejects with `BrokerUnavailable` where the broker does not answer. */
  inspect(): Promise<BrokerSnapshot>
  /** Closes connections; ongoing calls reject or settle first. */
  close(): Promise<void>
}

/** The broker did not answer. May be retried. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable'
}
