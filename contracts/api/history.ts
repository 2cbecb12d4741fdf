import { z } from 'zod'
import { fault } from '../faults/fault.ts'
import { eventLogEntry } from './event-log.ts'
import { chartPoint, snapshot } from './live.ts'
import { runItem } from './run.ts'

/** Newest messages that a moment names. */
export const momentRows = 100
/** Marks and points of the track that one answer holds; of more, the newest marks, and every n-th point. */
export const historyMarksMax = 2_000
export const historyTrackPoints = 600

/** Epoch milliseconds, or RFC 3339. */
export const momentTime = z
  .union([z.string().regex(/^\d{1,16}(\.\d+)?$/), z.iso.datetime({ offset: true })])
  .transform((text) => (/^[\d.]+$/.test(text) ? Number(text) : Date.parse(text)))

/** What a keyframe has of the lab: what a snapshot has but for what viewers ask for and what other records hold. */
export const historyFrame = snapshot.omit({
  ...{ seq: true, charts: true, events: true, sparks: true },
  ...{ tail: true, rows: true, message: true, logs: true },
})
export type HistoryFrame = z.infer<typeof historyFrame>

/** What came since the keyframe before. */
export const historySecond = z.object({
  /** The point of the charts that ended; absent if the second is still under way. */
  chart: chartPoint.optional(),
  /** The last point of each node's sparkline, where a second ended. */
  sparks: z.record(z.string(), z.number()).optional(),
  events: z.array(eventLogEntry),
  faults: z.array(fault),
  /** The verdict, if it is another than before. */
  verdict: z.object({ result: z.enum(['pass', 'fail', 'inconclusive']), reason: z.string().optional() }).optional(),
})
export type HistorySecond = z.infer<typeof historySecond>

/** A time of which nothing is recorded. Epoch milliseconds. */
export const historyGap = z.object({
  from: z.number(),
  to: z.number(),
  /** Why, for a person. */
  reason: z.string(),
  /** Changes of the ledger that were not recorded; absent if nobody counted them. */
  dropped: z.int().optional(),
})
export type HistoryGap = z.infer<typeof historyGap>

/** Something that happened, on the time axis. */
export const historyMark = z.object({
  /** When, epoch milliseconds. */
  t: z.number(),
  /** The first recorded moment that shows what came of it, epoch milliseconds: where a step leads. */
  shownAt: z.number(),
  kind: z.enum([...eventLogEntry.shape.kind.options, 'verdict']),
  level: eventLogEntry.shape.level,
  /** One sentence. */
  label: z.string(),
  subject: z.string().optional(),
  faultId: z.string().optional(),
  group: z.string().optional(),
})
export type HistoryMark = z.infer<typeof historyMark>

/** Answer of `GET /api/history`. Times are epoch milliseconds. */
export const historyRange = z.object({
  /** The first and the last moment that can be asked for; null while nothing is recorded. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** How long a moment is kept, in seconds; 0: recording is off. Moments of kept runs stay longer. */
  keptSeconds: z.int(),
  /** Bytes on disk, and how many there are at most. */
  bytes: z.int(),
  maxBytes: z.int(),
  /** Oldest first. */
  gaps: z.array(historyGap),
  /** Oldest first. */
  marks: z.array(historyMark),
  /** Every fault of the time, as it came out. */
  faults: z.array(fault),
  /** Unsettled messages by group. */
  lag: z.array(z.object({ at: z.number(), lag: z.record(z.string(), z.number()) })),
  /** Runs of scenarios of which moments are kept, newest first. */
  runs: z.array(runItem),
})
export type HistoryRange = z.infer<typeof historyRange>

/** Answer of `GET /api/history/at`: everything that a viewer would have been shown. */
export const historyMoment = z.object({
  /** The moment asked for, epoch milliseconds. */
  t: z.number(),
  /** The keyframe that states, rates and the verdict are of; the ledger's counts, faults and messages are of `t` itself. */
  keyframeAt: z.number(),
  /** `t` is in this gap: what is shown is the last moment before it. */
  gap: historyGap.optional(),
  /** As a viewer's socket sends it; `tail` has the newest messages published before. */
  snapshot,
})
export type HistoryMoment = z.infer<typeof historyMoment>

/** Answer of `GET /api/history/next`. */
export const historyStep = z.object({
  /** Where the step leads, epoch milliseconds; null: nothing more happened that way. */
  t: z.number().nullable(),
  mark: historyMark.optional(),
})
export type HistoryStep = z.infer<typeof historyStep>
