import { z } from 'zod'

/**
 * Something that a clause took from a piece of evidence: as it is in the text, and as it is in the line of the journal. `less`: a
 * figure of another piece of the clause that was taken off `value`.
 */
const reading = z.object({ text: z.string(), value: z.union([z.number(), z.string()]), less: z.number().optional() })

/** Where a clause was read: one line of the journal of the run. */
export const evidence = z.object({
  kind: z.enum(['fault', 'log', 'sample', 'message', 'offset', 'check', 'setting', 'queue']),
  /** A few characters, for a chip. */
  label: z.string(),
  /** Number of the line in the journal, from 1. */
  line: z.int().min(1),
  /** Milliseconds into the run. */
  t: z.number(),
  /** Id of the message, of the fault in the lab, or of the check. */
  id: z.string().optional(),
  readings: z.array(reading),
})
export type Evidence = z.infer<typeof evidence>

/** One sentence of what happened in a run. One without evidence cannot be made. */
export const clause = z.object({
  /** Milliseconds into the run; `until` where it speaks of a span. */
  t: z.number(),
  until: z.number().optional(),
  /** The sentence in pieces; `claim` marks what it claims. */
  parts: z.array(z.object({ text: z.string(), claim: z.literal(true).optional() })),
  evidence: z.tuple([evidence]).rest(evidence),
})
export type Clause = z.infer<typeof clause>
