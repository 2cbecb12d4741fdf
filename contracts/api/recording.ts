import { z } from 'zod'

/** How long a recording lasts at most, in milliseconds. */
export const recordingMostMs = 1_800_000

/** Body of `POST /api/recordings`. */
export const recordingInput = z.strictObject({
  /** Ends it by itself after so long. Default: half an hour, which is the most. */
  forMs: z.int().min(100).max(recordingMostMs).optional(),
  /** Name of the scenario. Default: `recorded`. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is not a name; use lower-case letters, digits and -, at most 64 characters')
    .optional(),
})
export type RecordingInput = z.infer<typeof recordingInput>

/** What is done to the lab by the API, written down to become a scenario. */
export const recording = z.object({
  ...{ id: z.string(), name: z.string(), state: z.enum(['recording', 'ended']) },
  /** RFC 3339. */
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** When it ends by itself at the latest; absent once it has ended. */
  endsBy: z.string().optional(),
  /** Why it ended, if nobody ended it. */
  reason: z.string().optional(),
  /** What was done so far. `changes`: policies, subscriptions, replicas, event types, redrives. */
  ...{ published: z.int(), bursts: z.int(), faults: z.int(), changes: z.int(), bytes: z.int() },
  /** What the file cannot say, for a person; it is in the file as comments too. Only of one that has ended. */
  remarks: z.array(z.string()).optional(),
  /** The scenario file; only in the answers of one recording that has ended. */
  scenario: z.string().optional(),
})
export type Recording = z.infer<typeof recording>

/** Answer of `GET /api/recordings`, newest first: the last few. */
export const recordings = z.object({ items: z.array(recording) })
