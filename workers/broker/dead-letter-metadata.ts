import { z } from 'zod'
import { deadLetterReason } from '#contracts/brokers/retry-policy.ts'
import { errorInfo } from '#contracts/protocols/telemetry.ts'

/** The header of a dead letter that says, as JSON, how it came there. Body and other headers are the original's. */
export const deathHeader = 'faultline_death'

/** What the header `faultline_death` holds. */
export const deadLetterMetadata = z.object({
  /** Identity of the message; absent if it has none. */
  id: z.string().optional(),
  topic: z.string(),
  group: z.string(),
  /** Handler runs before it was given up. */
  attempts: z.int(),
  receiveCount: z.int(),
  reason: deadLetterReason,
  error: errorInfo,
  /** The broker's own name for the message's place in the group's queue. */
  ref: z.string().optional(),
  /** Epoch milliseconds of the decision. */
  at: z.number(),
  /** Original headers for which the broker had no room beside the note. */
  headers: z.record(z.string(), z.string()).optional(),
})
export type DeadLetterMetadata = z.infer<typeof deadLetterMetadata>

/** The note of a dead letter; undefined if the header is absent or not as the lab writes it. */
export function readDeadLetterMetadata(header: string | undefined): DeadLetterMetadata | undefined {
  try {
    return header === undefined ? undefined : deadLetterMetadata.parse(JSON.parse(header))
  } catch {
    return undefined
  }
}
