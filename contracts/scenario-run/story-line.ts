import { z } from 'zod'
import { anomalyNames } from '../api/ledger.ts'
import { deadLetterReason } from '../brokers/retry-policy.ts'
import { groupAssigned } from '../protocols/telemetry.ts'

/**
 * Lines that explain why a run went as it did. No verdict depends on them, and a journal from before they existed is read without them. `t` is
 * when a line was written down; every other time is milliseconds into the run, by when it happened. Counts are those since the run began;
 * of lines with the same kind and group the last one counts.
 */
const t = z.number()

/** The first messages of a kind, by their ids. */
export const storySamples = 5
const samples = z.array(z.string()).max(storySamples)

/** Something that happened to messages of a group, many times. */
const tally = { group: z.string(), count: z.int(), firstAt: z.number(), lastAt: z.number(), samples }

/** A process came into another state. `ended`: it is gone, and `how` says how: `SIGKILL`, `code 1`. */
const processLine = z.object({
  ...{ kind: z.literal('process'), t, at: z.number(), service: z.string(), instance: z.string() },
  state: z.enum([
    'starting',
    'waiting-for-broker',
    'up',
    'backoff',
    'paused',
    'killed',
    'stopping',
    'stopped',
    'ended',
  ]),
  pid: z.int().optional(),
  how: z.string().optional(),
  /** Of `ended`: messages that it had taken and not settled. */
  inHand: z.int().optional(),
})

/** Partitions were given to a member of a group, or taken from it. */
const assignmentLine = z.object({
  ...{ kind: z.literal('assignment'), t, at: z.number(), group: z.string(), instance: z.string() },
  generation: z.int(),
  reason: groupAssigned.shape.reason,
  partitions: groupAssigned.shape.partitions,
})

/** Handler runs that failed and were to be tried again. `messages`: how many of them were first attempts. `errors` by type. */
const retriesLine = z.object({
  ...{ kind: z.literal('retries'), t, ...tally, messages: z.int(), errors: z.record(z.string(), z.int()) },
})

const deadLettersLine = z.object({
  ...{ kind: z.literal('dead_letters'), t, ...tally },
  reasons: z.partialRecord(deadLetterReason, z.int()),
  errors: z.record(z.string(), z.int()),
})

/** Deliveries whose effect was there already: the inbox of the consumer made no second one. */
const suppressedLine = z.object({ kind: z.literal('suppressed'), t, ...tally })

/** What became of the messages that a process had in its hands when it ended. */
const handsLine = z.object({
  ...{ kind: z.literal('hands'), t, group: z.string(), instance: z.string() },
  /** When the process ended. */
  endedAt: z.number(),
  inHand: z.int(),
  /** Of those: delivered again; of these: whose effect was there already. */
  ...{ again: z.int(), afterEffect: z.int() },
  /** When the first of them was delivered again. */
  firstAt: z.number().optional(),
  samples,
})

/** A time in which messages of a group piled up: from the look before there were ten until hardly any were left. */
const backlogLine = z.object({
  ...{ kind: z.literal('backlog'), t, group: z.string(), beganAt: z.number(), peak: z.int(), peakAt: z.number() },
  /** Absent: it was in effect when the run ended. */
  drainedAt: z.number().optional(),
  left: z.int().optional(),
})

/** What the ledger counted that is not as it would be without faults. */
const anomalyLine = z.object({
  ...{ kind: z.literal('anomaly'), t, name: z.enum(anomalyNames), count: z.int(), failing: z.int() },
  firstAt: z.number(),
  groups: z.record(z.string(), z.int()),
  samples,
})

const owed = { owed: z.int(), delivered: z.int(), deadLettered: z.int(), lost: z.int() }

/** What was owed to the groups at the end, and what became of it. */
const obligationsLine = z.object({
  ...{ kind: z.literal('obligations'), t, ...owed },
  /** Of `owed`: those of messages that were sent before the run began, and not settled then or not delivered. */
  earlier: z.int().optional(),
  /** Messages that were published while the run went on, and were not of the run; what is owed for them is counted. */
  others: z.int().optional(),
  groups: z.record(z.string(), z.object(owed)),
})

export const storyLines = [
  processLine,
  assignmentLine,
  retriesLine,
  deadLettersLine,
  suppressedLine,
  handsLine,
  backlogLine,
  anomalyLine,
  obligationsLine,
] as const
