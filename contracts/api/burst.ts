import { z } from 'zod'
import { eventTypeName } from '../events/event-type.ts'
import { burstFigures } from '../protocols/burst-figures.ts'

/** Body of `POST /api/bursts`. Arrivals are open loop: the rate does not slow when the lab does. */
export const burstInput = z
  .strictObject({
    type: eventTypeName,
    /** Messages in all. Give this or `durationMs`. */
    count: z.int().min(1).max(10_000_000).optional(),
    durationMs: z.int().min(100).max(3_600_000).optional(),
    ratePerSecond: z.number().min(0.1).max(100_000),
    /** Contents, varied per message. Default: the type's example. */
    data: z.record(z.string(), z.unknown()).optional(),
    /** Number of distinct keys. Default: one per message. */
    keys: z.int().min(1).max(1_000_000).optional(),
  })
  .refine((input) => (input.count === undefined) !== (input.durationMs === undefined), {
    message: 'give either count or durationMs',
    path: ['count'],
  })
export type BurstInput = z.infer<typeof burstInput>

/** Answer of `GET /api/bursts/:id`, and what viewers are sent while it runs. */
export const burst = z.object({
  id: z.string(),
  type: z.string(),
  state: z.enum(['running', 'done', 'stopped', 'interrupted']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  ratePerSecond: z.number(),
  /** Messages asked for: `count`, or duration × rate. */
  requested: z.int(),
  count: z.int().optional(),
  durationMs: z.int().optional(),
  keys: z.int().optional(),
  ...burstFigures,
  /** Why it ended early, for a person. */
  reason: z.string().optional(),
})
export type Burst = z.infer<typeof burst>

/** What became of a burst's messages: of all whose journeys are kept. */
export const burstOutcome = z.object({
  /** Messages that were counted. */
  messages: z.int(),
  /** Of them, those that wait for the broker or for a group. */
  open: z.int(),
  /** Obligations by group, in the order of their names. */
  groups: z.array(
    z.object({
      group: z.string(),
      owed: z.int(),
      delivered: z.int(),
      inFlight: z.int(),
      retrying: z.int(),
      deadLettered: z.int(),
      lost: z.int(),
    }),
  ),
})
export type BurstOutcome = z.infer<typeof burstOutcome>
