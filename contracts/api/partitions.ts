import { z } from 'zod'

/** How far a group is in one partition. */
export const partitionProgress = z.object({
  group: z.string(),
  /** The offset that the group reads next; null if it never committed one. */
  committed: z.int().nullable(),
  /** Messages behind the end. */
  lag: z.int(),
  /** How long the oldest message behind has been there, milliseconds; 0 without lag, null if it is not known. */
  lagMs: z.number().nullable(),
  /** True if it came before the time that is remembered: it has been there at least `lagMs`. */
  isAtLeast: z.boolean(),
  /** The replica that reads it; absent while none does. */
  instance: z.string().optional(),
})

/** One partition of a topic, or of a topic that retries wait in. */
export const partitionFigures = z.object({
  topic: z.string(),
  partition: z.int(),
  /** The first offset that the broker still keeps. */
  startOffset: z.int(),
  /** The offset that the next message gets. */
  endOffset: z.int(),
  groups: z.array(partitionProgress),
  /**
   * Of a topic that retries wait in: the group that they are of, and the attempt after which they wait there (from 1; the last topic also
   * takes those after later attempts). Absent for topics that are published to.
   */
  retry: z.object({ group: z.string(), level: z.int() }).optional(),
})
export type PartitionFigures = z.infer<typeof partitionFigures>

/** What a replica reads, by the broker's own assignment. */
export const groupMember = z.object({
  group: z.string(),
  instance: z.string(),
  memberId: z.string(),
  /** Counts the assignments of the group. */
  generation: z.int(),
  partitions: z.array(z.object({ topic: z.string(), partitions: z.array(z.int()) })),
  reason: z.string(),
  /** RFC 3339. */
  since: z.string(),
})
export type GroupMember = z.infer<typeof groupMember>
