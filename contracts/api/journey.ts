import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'
import { deadLetterReason } from '../brokers/retry-policy.ts'
import { parseIdentity } from '../events/identity.ts'
import { effect, emissionCause, errorInfo, logRecord } from '../protocols/telemetry.ts'

export const publishState = z.enum(['attempted', 'acked', 'failed', 'indeterminate', 'recovered', 'absent'])
export type PublishState = z.infer<typeof publishState>

export const obligationState = z.enum(['waiting', 'handling', 'retrying', 'delivered', 'dead_lettered', 'lost'])
export type ObligationState = z.infer<typeof obligationState>

/** A span that a program reported of its own work. It is shown where it belongs, and nothing is concluded from it. */
export const programSpan = z.object({
  /** 16 hexadecimal digits. */
  spanId: z.string(),
  /** As its program named it, clipped. */
  name: z.string(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  /** As the program names itself; empty if it does not. */
  service: z.string(),
  /** RFC 3339, by the clock of the program: it may lie outside its attempt. */
  startedAt: z.string(),
  tookMs: z.number(),
  state: z.enum(['unset', 'ok', 'error']),
  /** What the program says of its state. */
  message: z.string().optional(),
  /** Spans of the attempt above it. */
  depth: z.int().min(0),
  /** `parent`: it names the attempt, or a span that does. `time`: it names no span that is known, and its service ran the attempt then. */
  placedBy: z.enum(['parent', 'time']),
  /** Values are clipped, and what looks like a secret is hidden. */
  attributes: z.record(z.string(), z.string()),
})
export type ProgramSpan = z.infer<typeof programSpan>

/** One run of a handler. */
export const attempt = z.object({
  attempt: z.int().min(1),
  receiveCount: z.int().min(1),
  instance: z.string(),
  /** RFC 3339. */
  startedAt: z.string(),
  /** From when it could be taken (acknowledgement, due time or return to the queue) until the worker took it, plus the wait inside the worker. */
  queueMs: z.number(),
  /** Absent while it runs. */
  handlingMs: z.number().optional(),
  /** Absent while it runs. */
  outcome: z.enum(['ok', 'error', 'interrupted']).optional(),
  error: errorInfo.optional(),
  effect: effect.optional(),
  /** What a program says that it did in the world: reported, not looked up. */
  reported: z.string().optional(),
  /** Events that it did not send again: type, the id that the program gave, and the message that has it. */
  suppressed: z.array(z.object({ type: z.string(), givenId: z.string(), of: z.string() })).optional(),
  /** How and when its process ended, where that interrupted it: `SIGKILL`, `code 1`; RFC 3339. */
  endedBy: z.object({ how: z.string(), at: z.string() }).optional(),
  /** When the broker refused its settlement, because the message had been given to another; RFC 3339. */
  fencedAt: z.string().optional(),
  /** What its program reported of its inside, each after the one that it is part of. */
  spans: z.array(programSpan).optional(),
})
export type Attempt = z.infer<typeof attempt>

export const obligation = z.object({
  group: z.string(),
  state: obligationState,
  receiveCount: z.int(),
  attempts: z.array(attempt),
  effect: effect.optional(),
  /** When the next attempt is due, RFC 3339. */
  dueAt: z.string().optional(),
  reason: deadLetterReason.optional(),
  /** When the broker confirmed the settlement, RFC 3339. */
  settledAt: z.string().optional(),
})
export type Obligation = z.infer<typeof obligation>

/** Answer of `GET /api/messages/:id`. */
export const journey = z.object({
  id: z.string(),
  type: z.string(),
  topic: z.string(),
  key: z.string().optional(),
  /** The broker that it was published to. */
  broker: brokerName,
  payload: z.unknown(),
  /** The body as published. */
  raw: z.string(),
  headers: z.record(z.string(), z.string()),
  burstId: z.string().optional(),
  /** Id of the first event of its flow; its own if it is the first. */
  correlationId: z.string().optional(),
  /** The handler run that published it; absent if nothing caused it. */
  cause: emissionCause.optional(),
  /** Id that the program itself gave it, where it gave one. */
  givenId: z.string().optional(),
  publish: z.object({
    state: publishState,
    attemptedAt: z.string(),
    ackedAt: z.string().optional(),
    /** The broker's own name for the message. */
    ref: z.string().optional(),
    error: errorInfo.optional(),
  }),
  obligations: z.array(obligation),
  /** Lines of workers that name it, and lines that programs reported within its attempts. */
  logs: z.array(logRecord),
  /** Spans of its trace that are not among those of its attempts: beyond 200, or of no attempt that is known. */
  spansLeftOut: z.int().optional(),
})
export type Journey = z.infer<typeof journey>

/** One line of the live tail and of `GET /api/messages`. */
export const messageRow = z.object({
  id: z.string(),
  type: z.string(),
  topic: z.string(),
  key: z.string().optional(),
  /** The broker that it was published to. */
  broker: brokerName,
  /** RFC 3339. */
  publishedAt: z.string(),
  publish: publishState,
  ref: z.string().optional(),
  groups: z.array(
    z.object({
      group: z.string(),
      state: obligationState,
      attempts: z.int(),
      /** Publish to settlement; absent while unsettled. */
      settledInMs: z.number().optional(),
      dueAt: z.string().optional(),
      reason: deadLetterReason.optional(),
      errorType: z.string().optional(),
    }),
  ),
  /** Publish to the last settlement; absent while any group is unsettled. */
  settledInMs: z.number().optional(),
})
export type MessageRow = z.infer<typeof messageRow>

/** Obligation states that a search takes together. `in_flight`: waiting or handling; `owed`: any of them. */
export const obligationStates = z.enum(['in_flight', 'owed'])

/** Ids that one query names at most. */
export const queriedIds = 100

/** Query of `GET /api/messages`. All filters must hold. */
export const messageQuery = z.strictObject({
  /** Message ids with commas between them, at most 100: only these, as far as they are kept. */
  ids: z
    .string()
    .max(queriedIds * 120)
    .refine((text) => idsOf(text).every((id) => parseIdentity(id) !== undefined), {
      error: 'must be message ids with commas between them; one looks like producer-1:3:user_signup:42',
    })
    .refine((text) => idsOf(text).length <= queriedIds, { error: `must name at most ${queriedIds} messages` })
    .optional(),
  type: z.string().optional(),
  topic: z.string().optional(),
  group: z.string().optional(),
  /** An obligation state or several (of `group`, or of any), or a publish state. */
  state: z.union([obligationState, obligationStates, publishState]).optional(),
  key: z.string().optional(),
  /** The broker that it was published to. */
  broker: brokerName.optional(),
  burst: z.string().optional(),
  /** Id of the first event of their flow: that event, and all that followed from it. */
  correlation: z.string().max(200).optional(),
  /** Text in id, key, payload or headers; case does not matter. */
  q: z.string().max(200).optional(),
  /** RFC 3339, published at or after. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** RFC 3339, published before. */
  to: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export type MessageQuery = z.infer<typeof messageQuery>

/** The ids that a query names. */
export const idsOf = (text: string): string[] => text.split(',')
