import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'
import { deadLetterReason } from '../brokers/retry-policy.ts'
import { errorInfo } from '../protocols/telemetry.ts'

/** Dead letters that one answer lists at most. */
export const deadLetterListLimit = 1_000

/** Looks into the queues behind each other: 20,000 letters of a group, as many as a redrive takes at once. */
export const deadLetterLooks = 20
/** Dead letters that a redrive can name one by one: as many as can be looked at in a group. */
export const redriveIdsMax = deadLetterLooks * deadLetterListLimit
/** The cursor of the look that begins after `look` times `deadLetterListLimit` letters of each group. */
export const lookCursor = (look: number): string => `${look}.0`

/** Dead letters that a redrive names as ones that would fail again. */
export const wouldFailSamples = 20

/** A message that a group gave up. Times are RFC 3339. */
export const deadLetter = z.object({
  /** Names it among all dead letters until it is redriven. */
  id: z.string(),
  /** Identity of the message; absent if its bytes are not an event. */
  messageId: z.string().optional(),
  type: z.string(),
  topic: z.string(),
  group: z.string(),
  key: z.string().optional(),
  /** Absent if the broker itself moved it there. */
  reason: deadLetterReason.optional(),
  error: errorInfo,
  /** Handler runs before it was given up. */
  attempts: z.int(),
  receiveCount: z.int(),
  /** The body as JSON; absent if it is not JSON. */
  payload: z.unknown().optional(),
  /** The body as it came. */
  raw: z.string(),
  /** The body in base64 if it is not UTF-8 text, so that `raw` shows it with its gaps filled. */
  rawBase64: z.string().optional(),
  headers: z.record(z.string(), z.string()),
  /** The broker's own name for its place in the group's queue: `partition@offset` or a message id. */
  ref: z.string().optional(),
  at: z.string(),
  /** Key of its cause. */
  cause: z.string(),
})
export type DeadLetterItem = z.infer<typeof deadLetter>

/** Dead letters of one group with the same error type and a message that differs in values only. */
export const deadLetterCause = z.object({
  key: z.string(),
  group: z.string(),
  errorType: z.string(),
  /** The error's message with numbers, ids and addresses left out. */
  message: z.string(),
  count: z.int(),
  types: z.array(z.string()),
  /** Why they were given up; empty if the broker itself moved them. */
  reasons: z.array(deadLetterReason),
  oldestAt: z.string(),
  newestAt: z.string(),
})
export type DeadLetterCause = z.infer<typeof deadLetterCause>

export const deadLetterQuery = z.strictObject({
  group: z.string().optional(),
  cause: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(deadLetterListLimit).default(100),
  /** `nextCursor` of the page before. */
  cursor: z.string().optional(),
})

/** Answer of `GET /api/dead-letters`. */
export const deadLetterList = z.object({
  broker: brokerName,
  items: z.array(deadLetter),
  /** Of all that were read, also those beyond `limit`. */
  causes: z.array(deadLetterCause),
  /** Groups whose dead letters were not all read: there are more than one look takes. */
  incomplete: z.array(z.string()),
  /** Leads to those that follow. Letters that come and go meanwhile may be listed twice or not at all. */
  nextCursor: z.string().optional(),
})
export type DeadLetterList = z.infer<typeof deadLetterList>

/** What to send back. Exactly one of `ids`, `cause`, `group` and `all`. */
export const redriveInput = z
  .strictObject({
    ids: z.array(z.string().min(1)).min(1).max(redriveIdsMax).optional(),
    cause: z.string().min(1).optional(),
    group: z.string().min(1).optional(),
    all: z.literal(true).optional(),
    /** Says what would happen, and does nothing. */
    dryRun: z.boolean().default(false),
    /** The data to send in place of the original's; for a single dead letter. */
    payload: z.unknown().optional(),
    /** The same change in the data of all that are chosen: a JSON merge patch (RFC 7396), where null takes a field away. */
    change: z.record(z.string(), z.unknown()).optional(),
    /** Default: as fast as the broker takes them. */
    ratePerSecond: z.number().positive().max(10_000).optional(),
    /** Sends so many first and waits for what becomes of them: one that fails again stops the rest. */
    canary: z.int().min(1).max(deadLetterListLimit).optional(),
  })
  .refine(({ ids, cause, group, all }) => [ids, cause, group, all].filter((one) => one !== undefined).length === 1, {
    message: 'give exactly one of ids, cause, group and all',
  })
  .refine(({ payload, change }) => payload === undefined || change === undefined, {
    message: 'give payload or change, not both',
    path: ['change'],
  })
export type RedriveInput = z.infer<typeof redriveInput>

/** Body of `POST /api/dead-letters/discard`. */
export const discardInput = z.strictObject({
  /** Each one that goes has to be named. */
  ids: z.array(z.string().min(1)).min(1).max(deadLetterListLimit),
  /** How many of them are among the dead letters now: they are removed, for good. Absent: says what would happen, and does nothing. */
  confirm: z.int().min(0).optional(),
})
export type DiscardInput = z.infer<typeof discardInput>

/** What became of dead letters that were to be discarded. */
export const discardAnswer = z.object({
  state: z.enum(['dry_run', 'done']),
  broker: brokerName,
  /** Of those that were named, how many are there: `confirm` has to say so. */
  selected: z.int(),
  selectedByGroup: z.record(z.string(), z.int()),
  discarded: z.int(),
  /** Could not be removed; the letters may still be in the queue. */
  failed: z.int(),
  /** Named in the request, but not in the queue any more. */
  gone: z.int(),
  /** Why one could not be removed. */
  detail: z.string().optional(),
})
export type DiscardAnswer = z.infer<typeof discardAnswer>

/**
 * A redrive. running (→ waiting for the canary → running) → done | stopped | failed; interrupted: the control plane ended under it.
 */
export const redrive = z.object({
  id: z.string(),
  state: z.enum(['dry_run', 'running', 'awaiting_canary', 'done', 'stopped', 'failed', 'interrupted']),
  broker: brokerName,
  /** Dead letters that were chosen: all that it takes, where no group has more than 20,000. */
  selected: z.int(),
  /** Groups whose handlers run again; no other sees the messages. */
  willRun: z.array(z.string()),
  /** Of those that were chosen at the beginning, how many go to each group. */
  selectedByGroup: z.record(z.string(), z.int()).default({}),
  /** By group and reason, how many would be given up again as they are, with the first of their ids. */
  wouldFail: z
    .array(
      z.object({ group: z.string(), count: z.int(), why: z.string(), ids: z.array(z.string()).max(wouldFailSamples) }),
    )
    .default([]),
  /** By group, how many may act a second time, and why. */
  mayDuplicate: z.array(z.object({ group: z.string(), count: z.int(), why: z.string() })),
  /** Sent back, and removed from the dead letters. */
  redriven: z.int(),
  /** Sent back, but the original could not be removed: it may be sent again. */
  copied: z.int(),
  /** Still among the dead letters: the broker did not take the copy. */
  failed: z.int(),
  /** No longer there when its turn came. */
  gone: z.int(),
  /** Of the canary, those that failed again. */
  refailed: z.int(),
  ratePerSecond: z.number().optional(),
  canary: z.int().optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** Why it stopped, failed or was interrupted. */
  detail: z.string().optional(),
})
export type Redrive = z.infer<typeof redrive>

/** One message that a redrive sent back to its group. */
export const redriven = z.object({
  messageId: z.string(),
  group: z.string(),
  redriveId: z.string(),
  /** When it was sent, RFC 3339. */
  at: z.string(),
  /** The body that took the place of the original's; absent if it went back as it was. */
  body: z.string().optional(),
})
export type Redriven = z.infer<typeof redriven>
