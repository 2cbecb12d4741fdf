import { backoffMs, type DeadLetterReason, type RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import type { Settlement } from '#workers/broker/broker.ts'
import type { RetryAdvice } from './retry-advice.ts'

/** The longest time that a broker holds a message back: 12 hours. */
const longestWaitMs = 43_200_000

/** What becomes of a failed attempt: again after a delay, or the dead-letter queue. `random` is uniform in [0, 1). */
export function decideAfterError(
  policy: RetryPolicy,
  attempt: number,
  error: ErrorInfo,
  random: () => number,
  { never = false, afterMs = 0 }: RetryAdvice = {},
): Extract<Settlement, { kind: 'retry' | 'dead-letter' }> {
  const bury = (reason: DeadLetterReason): Settlement & { kind: 'dead-letter' } => ({
    kind: 'dead-letter',
    reason,
    error,
    attempts: attempt,
  })
  if (never || policy.nonRetryableErrorTypes.includes(error.type)) return bury('non_retryable')
  if (attempt >= policy.maximumAttempts) return bury('max_attempts')
  const delayMs = Math.max(backoffMs(policy, attempt, random), Math.min(afterMs, longestWaitMs))
  return { kind: 'retry', delayMs, mode: policy.mode }
}
