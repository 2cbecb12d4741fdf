import { z } from 'zod'

/** What a burst has come to; totals since its start. */
export const burstFigures = {
  attempted: z.int(),
  acked: z.int(),
  failed: z.int(),
  indeterminate: z.int(),
  /** Acknowledged publishes per second since the start. */
  achievedPerSecond: z.number(),
  ackP50Ms: z.number().nullable(),
  ackP99Ms: z.number().nullable(),
  keysUsed: z.int(),
  elapsedMs: z.number(),
}
