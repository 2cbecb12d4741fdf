import { z } from 'zod'
import { effectKind } from '../effects/effect-kind.ts'
import { ledgerReport } from './ledger.ts'

/** How two witnesses differ about a message or a count. */
export const disagreementKind = z.enum([
  /** Telemetry reports an effect that the effect store does not hold. */
  'effect_missing',
  /** The effect store holds an effect that telemetry never reported. */
  'effect_unreported',
  /** The effect store holds it more than once. */
  'effect_duplicated',
  /** The inbox says that it was written, and the row is not there. */
  'row_missing',
  /** A row exists without its line in the inbox. */
  'row_without_inbox',
  /** Owed by telemetry and settled by nobody, and the broker holds nothing of it any more, or nothing that the group will get. */
  'message_gone',
  /** The committed offset of a group is past a message that none of its handlers was ever given. */
  'commit_passed',
  /** The broker acknowledged it, and the partition ends before its offset. */
  'beyond_the_log',
  /** The row, its child rows or the mail of a message do not say what its event says. */
  'effect_differs',
  /** The same, where a redrive with edited data says what is there. */
  'effect_explained',
  /** An older event of a key is stored where a newer one was delivered; the older one is named. */
  'stale_effect',
  /** A copy that the broker still holds, in a log, a queue or among dead letters, differs from what was published. */
  'altered_message',
  /** The same, where a fault or a redrive with edited data made that copy. */
  'alteration_explained',
  /**
   * Not compared with what was published: effects, since the event's data or its template is no longer known or time was short; messages
   * in a queue, since it cannot be looked into, or only the oldest ones were.
   */
  'content_not_compared',
  /** The broker holds fewer or more dead letters than telemetry reports. */
  'dead_letters_differ',
  /** Dead letters that somebody discarded on purpose. */
  'discarded',
  /** Unsettled by telemetry, the broker is empty, and no evidence says what became of it; or in a queue, and published by nobody. */
  'backlog_differs',
  /** A witness could not be asked. */
  'witness_absent',
])

/** Ids that are named of one disagreement: the first ones. */
export const auditSampleLimit = 100

/** A field in which an effect or a copy of a message says something else than the event. */
export const contentDifference = z.object({
  /** Message id. */
  id: z.string(),
  /** `users.name`, `order_items[2].sku`, `recipient`, `body`. */
  field: z.string(),
  /** What follows from the event, and what is there; cut after 500 characters. */
  expected: z.string(),
  actual: z.string(),
})
export type ContentDifference = z.infer<typeof contentDifference>

export const disagreement = z.object({
  kind: disagreementKind,
  /** `fail` proves a breach, `doubt` leaves the matter open, `note` is normal under faults. */
  weight: z.enum(['fail', 'doubt', 'note']),
  /** Absent if no single group is concerned. */
  group: z.string().optional(),
  /** Messages, or pieces where no message is named. */
  count: z.int(),
  /** The first message ids; empty if only counts differ. */
  samples: z.array(z.string()).max(auditSampleLimit),
  detail: z.string(),
  /** Where contents differ: the fields of the first messages, at most 100. */
  differences: z.array(contentDifference).max(auditSampleLimit).optional(),
})
export type Disagreement = z.infer<typeof disagreement>

/** What was still under way when the time was over. */
export const undrained = z.object({
  what: z.enum(['publishes', 'bursts', 'redrives', 'backlog', 'telemetry', 'broker', 'faults']),
  group: z.string().optional(),
  count: z.int(),
  /** Ids of the oldest ones. */
  samples: z.array(z.string()).max(5),
  detail: z.string(),
})
export type Undrained = z.infer<typeof undrained>

/** Body of `POST /api/ledger/audit`; may be left out. */
export const auditRequest = z.strictObject({
  /** How long to wait until nothing is under way, in milliseconds. 0: only if that is so already. */
  timeoutMs: z.int().min(0).max(600_000).default(30_000),
})

/** Answer of `POST /api/ledger/audit`: the ledger after it, and what three witnesses say. */
export const auditReport = ledgerReport.extend({
  /** False: the witnesses were not compared, and `undrained` says what was in the way. */
  drained: z.boolean(),
  undrained: z.array(undrained),
  tookMs: z.number(),
  witnesses: z.object({
    telemetry: z.object({
      delivered: z.record(z.string(), z.int()),
      deadLettered: z.record(z.string(), z.int()),
      unsettled: z.int(),
    }),
    /** Null if it did not answer. */
    broker: z
      .object({
        queues: z.array(
          z.object({ group: z.string(), visible: z.int(), inFlight: z.int(), delayed: z.int(), deadLetters: z.int() }),
        ),
        /** Only if the broker has partitions. `committed` is the offset that the group reads next. */
        partitions: z
          .array(
            z.object({
              topic: z.string(),
              partition: z.int(),
              endOffset: z.int(),
              groups: z.array(z.object({ group: z.string(), committed: z.int().nullable() })),
            }),
          )
          .optional(),
      })
      .nullable(),
    /** Null if it was not read: the lab was not drained, or no store could be read. */
    effects: z
      .object({
        groups: z.array(
          z.object({
            group: z.string(),
            kind: effectKind,
            /** Effects that are there, and the messages that they belong to. */
            effects: z.int(),
            messages: z.int(),
            /** Effects of messages from before this ledger began: not compared. */
            foreign: z.int(),
          }),
        ),
      })
      .nullable(),
  }),
  /** Delivered messages of each group whose effect was compared with their event by this audit or an earlier one, and those not looked at. */
  contents: z.array(z.object({ group: z.string(), compared: z.int(), notCompared: z.int() })),
  /** Delivered messages of services that are not the lab's own whose effects were looked up, and found; absent if none has a check. */
  checks: z.array(z.object({ group: z.string(), looked: z.int(), made: z.int() })).optional(),
  /** What the audit settled: publishes that are absent; obligations that are lost, or were settled and never reported. */
  resolved: z.object({ absent: z.int(), lost: z.int(), delivered: z.int(), deadLettered: z.int() }),
  disagreements: z.array(disagreement),
})
export type AuditReport = z.infer<typeof auditReport>

/** Answer of `GET /api/audits/last`: the report of the last audit that somebody asked for; null if none was made in this data folder. */
export const lastAudit = z.object({ report: auditReport.nullable() })
