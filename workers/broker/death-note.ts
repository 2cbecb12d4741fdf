import type { DeadLetterReason } from '#contracts/retry-policy.ts'
import type { ErrorInfo } from '#contracts/telemetry.ts'

/** The header of a dead letter that says, as JSON, how it came there. Body and other headers are the original's. */
export const deathHeader = 'faultline_death'

/** What the header `faultline_death` holds. */
export interface DeathNote {
  /** Identity of the message; absent where it has none. */
  id?: string
  topic: string
  group: string
  /** Handler runs before it was given up. */
  attempts: number
  receiveCount: number
  reason: DeadLetterReason
  error: ErrorInfo
  /** The broker's own name for the message's place in the group's queue. */
  ref?: string
  /** Epoch milliseconds of the decision. */
  at: number
  /** Original headers for which the broker had no room beside the note. */
  headers?: Record<string, string>
}
