import { z } from 'zod'

/** What happened to the lab, newest last. Kept in a ring, over restarts of the control plane. */
export const eventLogEntry = z.object({
  /** Counts up from 1 for as long as the data folder lives. */
  seq: z.int(),
  /** RFC 3339. */
  at: z.string(),
  /** fault: injected, seen, healed; service: a worker or its sidecar; part: broker, database or mailbox; lab: everything else. */
  kind: z.enum(['fault', 'service', 'part', 'lab']),
  level: z.enum(['info', 'warn', 'error']),
  /** One sentence. */
  message: z.string(),
  /** What it is about, where it is drawn: `consumer-db`, `consumer-db-2`, `consumer-db->broker`, `broker`. */
  subject: z.string().optional(),
  faultId: z.string().optional(),
  /** The consumer group whose partitions were given out anew: a rebalance, drawn on time axes too. */
  group: z.string().optional(),
})
export type EventLogEntry = z.infer<typeof eventLogEntry>
/** Entries kept; a snapshot carries the newest `eventLogInSnapshot`. */
export const eventLogKept = 2_000
export const eventLogInSnapshot = 200
