import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'

/**
 * What a checker of message systems would call them. `fail`: at-least-once is broken. `counted`: normal under faults.
 * `duplicate_effect` and `duplicate_emission` fail where the service promises a single effect and are counted where it cannot,
 * as a built-in service cannot of what it sends.
 */
export const anomalies = {
  lost_message: { weight: 'fail', meaning: 'settled by nobody, and the group has moved past it' },
  premature_commit: { weight: 'fail', meaning: 'acknowledged at the broker before it was done' },
  phantom_message: {
    weight: 'fail',
    meaning: 'delivered, never published; or published for a message that its service was not handling',
  },
  aborted_read: { weight: 'fail', meaning: 'a publish that definitely failed was delivered' },
  unsent_message: {
    weight: 'fail',
    meaning: 'a hole in a dense sequence, or acknowledged to the caller and unknown to telemetry',
  },
  identity_reused: { weight: 'fail', meaning: 'one id, and two bodies or times' },
  impossible_position: {
    weight: 'fail',
    meaning:
      'an offset past the end of the log or moving back, a depth below zero, or more in a queue than was published',
  },
  duplicate_effect: { weight: 'by promise', meaning: 'two rows or two mails for one obligation' },
  double_settlement: { weight: 'fail', meaning: 'delivered and dead-lettered' },
  early_retry: { weight: 'fail', meaning: 'ran before it was due' },
  effect_differs: {
    weight: 'fail',
    meaning: 'row, child rows or mail are not there, or do not say what the event says',
  },
  altered_message: { weight: 'fail', meaning: "the broker's copy differs from what was published" },
  stale_effect: { weight: 'fail', meaning: 'an older event of a key overwrote a newer one' },
  stalled_flow: { weight: 'fail', meaning: 'a flow that is past its time without an end, and nothing of it moves' },
  conflicting_outcomes: { weight: 'fail', meaning: 'a flow that reached two different ends' },
  duplicate_emission: {
    weight: 'by promise',
    meaning: 'two runs of a handler published the same event of the same message as two events',
  },
  duplicate_delivery: { weight: 'counted', meaning: 'handed out again without a retry, a release or a redrive' },
  duplicate_write: { weight: 'counted', meaning: 'the broker holds it twice' },
  reordered_delivery: { weight: 'counted', meaning: 'handed out, or retried, after a later message of its producer' },
  recovered_publish: { weight: 'counted', meaning: 'never answered, seen downstream' },
  fenced_commit: {
    weight: 'counted',
    meaning: 'a settlement that the broker refused: the message had been given to another',
  },
} as const satisfies Record<string, { weight: 'fail' | 'counted' | 'by promise'; meaning: string }>
export type AnomalyName = keyof typeof anomalies
export const anomalyNames = Object.keys(anomalies) as [AnomalyName, ...AnomalyName[]]

/** Ids that are kept of one anomaly: the first ones. */
export const sampleLimit = 20

export const anomaly = z.object({
  name: z.enum(anomalyNames),
  meaning: z.string(),
  count: z.int(),
  /** Of these, those that break at-least-once. */
  failing: z.int(),
  /** The first message ids, at most 20. */
  samples: z.array(z.string()).max(sampleLimit),
  /** How many there are in each group; empty if the anomaly is not about a group. */
  groups: z.record(z.string(), z.int()),
  /** The first message ids of each group, at most 20 each; of those that were counted before this was kept, none. */
  samplesByGroup: z.record(z.string(), z.array(z.string()).max(sampleLimit)),
  /** When the first one was seen, RFC 3339. */
  since: z.string(),
})
export type Anomaly = z.infer<typeof anomaly>

/** `attempted` is the sum of the others. */
export const publishFigures = z.object({
  topic: z.string(),
  attempted: z.int(),
  open: z.int(),
  acked: z.int(),
  failed: z.int(),
  indeterminate: z.int(),
  recovered: z.int(),
  absent: z.int(),
})
export type PublishFigures = z.infer<typeof publishFigures>

/** `owed` is the sum of the six states. */
export const groupFigures = z.object({
  topic: z.string(),
  group: z.string(),
  owed: z.int(),
  waiting: z.int(),
  handling: z.int(),
  retrying: z.int(),
  delivered: z.int(),
  dead_lettered: z.int(),
  lost: z.int(),
})
export type GroupFigures = z.infer<typeof groupFigures>

/** When the next retry is due, RFC 3339, by group; it may have passed. A group that retries nothing is not in it. */
export const nextDue = z.record(z.string(), z.string())

/** `pass` only if every fate is known and none is wrong. Reasons are sentences; the first one counts most. */
export const ledgerVerdict = z.object({
  result: z.enum(['pass', 'fail', 'inconclusive']),
  reasons: z.array(z.string()),
  /** Does not change the verdict, but a reader should know it: dead letters that are left, effects that were made a second time. */
  notes: z.array(z.string()).optional(),
  /** When an audit last compared the witnesses, RFC 3339; absent if none ever did. */
  auditedAt: z.string().optional(),
  /** Telemetry has a gap, and an audit accounted for everything up to this moment, RFC 3339. */
  vouchesSince: z.string().optional(),
})
export type LedgerVerdict = z.infer<typeof ledgerVerdict>

/** The oldest moment that every source has reported past: nothing that contradicts it can come before. */
export const watermark = z.object({
  /** RFC 3339, by the control plane's clock; null while a source has never been heard. */
  at: z.string().nullable(),
  behindMs: z.number().nullable(),
  sources: z.array(
    z.object({ service: z.string(), connected: z.boolean(), behindMs: z.number().nullable(), missingFrames: z.int() }),
  ),
})

/** One of the model's invariants. `breaches` name the row and the two sides that differ. */
export const invariantCheck = z.object({
  invariant: z.enum([
    'publishes add up',
    'obligations add up',
    'nothing is passed over',
    'one effect each',
    'flows add up',
  ]),
  holds: z.boolean(),
  breaches: z.array(z.string()),
})

/** Delivered messages of a group that were looked up in the effect store while the lab ran, since the control plane began. */
export const effectSample = z.object({
  group: z.string(),
  /** Reported as delivered, and of these: looked up, and not found even a second time. */
  delivered: z.int(),
  looked: z.int(),
  missing: z.int(),
  /** The first of those that were not found, at most 20. */
  samples: z.array(z.string()).max(sampleLimit),
})
export type EffectSample = z.infer<typeof effectSample>

/** Answer of `GET /api/ledger`. */
export const ledgerReport = z.object({
  broker: brokerName,
  /** RFC 3339. */
  at: z.string(),
  verdict: ledgerVerdict,
  publishes: z.array(publishFigures),
  groups: z.array(groupFigures),
  nextDue,
  anomalies: z.array(anomaly),
  invariants: z.array(invariantCheck),
  watermark,
  /** Suspicions that wait for the watermark. */
  pending: z.int(),
  /** Who reported records twice: a witness that is wrong. `samples`: the first messages that they speak of, at most 20. */
  toldTwice: z.array(
    z.object({ instance: z.string(), records: z.int(), samples: z.array(z.string()).max(sampleLimit) }),
  ),
  /** Dead letters of this broker that no producer of the lab published, by group: nobody is owed them, so no figure above has them. Absent: none. */
  unowedDeadLetters: z.record(z.string(), z.int()).optional(),
  /** By group, where effects can be read; a small share under load, all of them if there is little. */
  effectSamples: z.array(effectSample).optional(),
})
export type LedgerReport = z.infer<typeof ledgerReport>

/** What a viewer's frame carries: publishes of all topics together, and the rest as the report has it. */
export const ledgerSummary = ledgerReport
  .pick({
    ...{ verdict: true, groups: true, nextDue: true, invariants: true, watermark: true, pending: true },
    ...{ toldTwice: true, unowedDeadLetters: true },
  })
  .extend({
    publishes: publishFigures.omit({ topic: true }),
    anomalies: z.array(anomaly.omit({ meaning: true })),
  })
export type LedgerSummary = z.infer<typeof ledgerSummary>
