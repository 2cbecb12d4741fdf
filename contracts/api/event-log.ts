import { z } from 'zod'

/** What happened to the lab, newest last. Kept in a ring, over restarts of the control plane. */
export const eventLogEntry = z.object({
  /** Counts up from 1 for as long as the data folder lives. */
  seq: z.int(),
  /** RFC 3339. */
  at: z.string(),
  /**
   * fault: injected, seen, healed; service: a worker or its sidecar; part: broker, database or mailbox; publish: bursts and
   * publishes, many in one entry; redrive; audit; change: a retry policy, a subscription, a number of replicas, or queues changed by hand; broker: a
   * switch to another one; note: what a person wrote down; lab: everything else.
   */
  kind: z.enum(['fault', 'service', 'part', 'publish', 'redrive', 'audit', 'change', 'broker', 'note', 'lab']),
  level: z.enum(['info', 'warn', 'error']),
  /** One sentence. */
  message: z.string(),
  /** What it is about, where it is drawn: `consumer-db`, `consumer-db-2`, `consumer-db->broker`, `broker`. */
  subject: z.string().optional(),
  faultId: z.string().optional(),
  /** The consumer group whose partitions were assigned again: a rebalance, drawn on time axes too. */
  group: z.string().optional(),
})
export type EventLogEntry = z.infer<typeof eventLogEntry>
/** Entries kept; a snapshot carries the newest `eventLogInSnapshot`. */
export const eventLogKept = 2_000
export const eventLogInSnapshot = 200

/** Notes that stay when older entries go; the oldest go beyond that. */
export const notesKept = 200

/** Body of `POST /api/event-log`: a note for whoever reads the log later. */
export const noteInput = z.strictObject({
  message: z.string().trim().min(1).max(300),
})
