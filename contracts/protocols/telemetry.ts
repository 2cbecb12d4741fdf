import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'
import { deadLetterReason } from '../brokers/retry-policy.ts'
import { effectKind } from '../effects/effect-kind.ts'
import { burstFigures } from './burst-figures.ts'

/**
 * What workers and sidecars report. One record speaks of a whole batch, so that its cost does not grow with the rate.
 * Every `at` is epoch milliseconds with a fraction, by the clock of the process that reports.
 * All records are idempotent: one that arrives twice changes nothing.
 */
const at = z.number().positive()

/** Error as data. `type` is the class name, compared by `nonRetryableErrorTypes`. */
export const errorInfo = z.object({
  type: z.string().max(200),
  message: z.string().max(4_000),
  stack: z.string().max(8_000).optional(),
})
export type ErrorInfo = z.infer<typeof errorInfo>

/** What a handler did in the world. `ref` names it there: a table and key, or an SMTP Message-ID. */
export const effect = z.object({
  kind: effectKind,
  ref: z.string().max(500),
  /** True if the effect was there already and this delivery made none (the inbox suppressed it). */
  suppressed: z.boolean().optional(),
  /** True if a newer event of the same key had been written, so that this one left the row as it was: what it asked for is past. */
  superseded: z.boolean().optional(),
})
export type Effect = z.infer<typeof effect>

/** Which run of which handler published an event. */
export const emissionCause = z.object({
  /** The event that was handled: `causationid`. */
  id: z.string(),
  group: z.string(),
  attempt: z.int().min(1),
  receiveCount: z.int().min(1),
  /** The n-th event of this type that the attempt sent, from 1. */
  ordinal: z.int().min(1),
})
export type EmissionCause = z.infer<typeof emissionCause>

/** Written before the broker is called. */
export const publishAttempted = z.object({
  kind: z.literal('publish.attempted'),
  at,
  producer: z.string(),
  epoch: z.int().min(1),
  topic: z.string(),
  /** The one broker of this producer process, thus of its epoch. Records from before there was a choice have none: `local`. */
  broker: brokerName.optional(),
  messages: z.array(
    z.object({
      seq: z.int().min(1),
      type: z.string(),
      version: z.int(),
      key: z.string().optional(),
      traceparent: z.string(),
      tracestate: z.string().optional(),
      /** Span of the caller whose trace is continued. */
      parentSpanId: z.string().optional(),
      /** RFC 3339. */
      time: z.string(),
      /** The body as published, UTF-8 JSON text. */
      body: z.string(),
      burstId: z.string().optional(),
      /** Id of the first event of the flow; absent: this one is the first. */
      correlationId: z.string().optional(),
      cause: emissionCause.optional(),
      hops: z.int().min(1).optional(),
      /** Id that the program itself gave the event, where it gave one. */
      givenId: z.string().max(500).optional(),
    }),
  ),
})

/** Written when the broker answered, or when it is known that it will not. */
export const publishSettled = z.object({
  kind: z.literal('publish.settled'),
  at,
  producer: z.string(),
  epoch: z.int().min(1),
  topic: z.string(),
  outcomes: z.array(
    z.object({
      seq: z.int().min(1),
      state: z.enum(['acked', 'failed', 'indeterminate']),
      /** The broker's own name for the message: an SNS message id, or `partition@offset`. */
      ref: z.string().optional(),
      error: errorInfo.optional(),
    }),
  ),
})

/** Written before handlers run. */
export const deliveryStarted = z.object({
  kind: z.literal('delivery.started'),
  at,
  group: z.string(),
  instance: z.string(),
  deliveries: z.array(
    z.object({
      id: z.string(),
      /** Handler runs of this message in this group as far as the broker knows, from 1. */
      attempt: z.int().min(1),
      /** Deliveries of this message to this group, from 1. */
      receiveCount: z.int().min(1),
      /** When the worker took it from the broker. */
      receivedAt: at,
      /** The broker's own name for the delivery's place, for example `partition@offset`. */
      ref: z.string().optional(),
    }),
  ),
})

/** Written after handlers ran and before the deliveries are settled at the broker. */
export const deliveryEnded = z.object({
  kind: z.literal('delivery.ended'),
  at,
  group: z.string(),
  instance: z.string(),
  deliveries: z.array(
    z.object({
      id: z.string(),
      attempt: z.int().min(1),
      receiveCount: z.int().min(1),
      startedAt: at,
      endedAt: at,
      /** interrupted: shutdown came first; the message was given back. */
      outcome: z.enum(['ok', 'error', 'interrupted']),
      error: errorInfo.optional(),
      /** What it did in the world, also if it failed after that. */
      effect: effect.optional(),
      /** What a program says that it did in the world (`Faultline-Effect`): reported, not looked up. */
      reported: z.string().max(500).optional(),
      /** Events that the attempt did not send, since one with the same id given by the program had been sent for the same cause. */
      suppressed: z
        .array(z.object({ type: z.string(), givenId: z.string().max(500), of: z.string() }))
        .max(100)
        .optional(),
      /** What the consumer decided after an error. */
      next: z
        .discriminatedUnion('state', [
          z.object({ state: z.literal('retrying'), dueAt: at }),
          z.object({ state: z.literal('dead_lettered'), reason: deadLetterReason }),
        ])
        .optional(),
    }),
  ),
})

/** Of a record's deliveries or letters, those that no identity of the lab names: their bytes were not an event, or somebody else published it. */
const unnamed = {
  unnamed: z.int().min(0).optional(),
  /** The broker of this process, said with `unnamed`. Records from before it was said have none: `local`. */
  broker: brokerName.optional(),
}

/**
 * Written when the broker confirmed a settlement: a deleted receipt, a committed offset, a stored dead letter, a retry
 * that it holds back until it is due. `fenced`: it refused the settlement, since the message had been given to another.
 */
export const deliverySettled = z.object({
  kind: z.literal('delivery.settled'),
  at,
  group: z.string(),
  instance: z.string(),
  settlement: z.enum(['acked', 'released', 'dead_lettered', 'retrying', 'fenced']),
  ids: z.array(z.string()),
  ...unnamed,
})

/**
 * Dead letters go back to the group that failed. `sending` is written before the copies are sent, so that a delivery is
 * never a surprise; `stored` when the broker has confirmed the copies and the originals are removed.
 */
export const deliveryRedriven = z.object({
  kind: z.literal('delivery.redriven'),
  at,
  group: z.string(),
  phase: z.enum(['sending', 'stored']),
  ids: z.array(z.string()),
  /** Said with `stored`: they were counted as unnamed when they were given up. */
  ...unnamed,
  /** Sent in place of the published body, where somebody edited it; said with `sending`. */
  body: z.string().optional(),
})

/** Written when partitions are given to a member of a group, or taken from it. Only if the broker has partitions. */
export const groupAssigned = z.object({
  kind: z.literal('group.assigned'),
  at,
  group: z.string(),
  instance: z.string(),
  memberId: z.string(),
  /** Counts the assignments of the group. */
  generation: z.int(),
  /** Empty if it has left or lost them. */
  partitions: z.array(z.object({ topic: z.string(), partitions: z.array(z.int()) })),
  reason: z.enum(['joined', 'rebalanced', 'left', 'lost']),
})
export type GroupAssignedRecord = z.infer<typeof groupAssigned>

/** Written by a sidecar when a process of its worker is gone and everything that it wrote was read. */
export const processEnded = z.object({
  kind: z.literal('process.ended'),
  at,
  service: z.string(),
  instance: z.string(),
  incarnation: z.string(),
  /** `SIGKILL`, `code 1`, or why it did not start. */
  how: z.string(),
})

export const logRecordLevel = z.enum(['debug', 'info', 'warn', 'error'])

/** A log line of a worker or sidecar; messages it speaks of are named, so that a journey can show it. */
export const logRecord = z.object({
  kind: z.literal('log'),
  at,
  service: z.string(),
  instance: z.string(),
  level: logRecordLevel,
  message: z.string().max(8_000),
  messageId: z.string().optional(),
  traceId: z.string().optional(),
  /** Of the handler run that it was written in. */
  spanId: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
})
export type LogRecord = z.infer<typeof logRecord>

/** Once a second from every process. */
export const gauges = z.object({
  kind: z.literal('gauges'),
  at,
  service: z.string(),
  instance: z.string(),
  /** 99th percentile of event-loop delay over the last second. */
  eventLoopLagMs: z.number(),
  rssBytes: z.number(),
  heapUsedBytes: z.number(),
  /** Share of one core over the last second, 0–1. */
  cpu: z.number(),
  /** Messages taken and not yet settled. */
  inHand: z.int(),
})
export type GaugesRecord = z.infer<typeof gauges>

/** Four times a second while a burst runs, and once at its end. */
export const burstProgressRecord = z.object({
  kind: z.literal('burst.progress'),
  at,
  burstId: z.string(),
  state: z.enum(['running', 'done', 'stopped']),
  ...burstFigures,
})
export type BurstProgressRecord = z.infer<typeof burstProgressRecord>

/** A fault in a worker took effect: written at its first hit, and then at most once a second while it hits more. */
export const faultObservedRecord = z.object({
  kind: z.literal('fault.observed'),
  /** Of the first hit that this record speaks of. */
  at,
  service: z.string(),
  instance: z.string(),
  fault: z.string(),
  /** Hits in this process so far. */
  hits: z.int().min(1),
  /** Of the hits since the last record, the first few that were messages. */
  messages: z.array(z.string()).max(20),
})
export type FaultObservedRecord = z.infer<typeof faultObservedRecord>

export const telemetryRecord = z.discriminatedUnion('kind', [
  publishAttempted,
  publishSettled,
  deliveryStarted,
  deliveryEnded,
  deliverySettled,
  deliveryRedriven,
  groupAssigned,
  processEnded,
  logRecord,
  gauges,
  burstProgressRecord,
  faultObservedRecord,
])
export type TelemetryRecord = z.infer<typeof telemetryRecord>
export const telemetryRecords = z.array(telemetryRecord)
