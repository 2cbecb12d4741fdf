import { backoffMs, type DeadLetterReason, type RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import type { Settlement } from '#workers/broker/broker.ts'

/** What becomes of a failed attempt: again after a delay, or the dead-letter queue. `random` is uniform in [0, 1). */
export function decideAfterError(
  policy: RetryPolicy,
  attempt: number,
  error: ErrorInfo,
  random: () => number,
): Extract<Settlement, { kind: 'retry' | 'dead-letter' }> {
  const bury = (reason: DeadLetterReason): Settlement & { kind: 'dead-letter' } => ({
    kind: 'dead-letter',
    reason,
    error,
    attempts: attempt,
  })
  if (policy.nonRetryableErrorTypes.includes(error.type)) return bury('non_retryable')
  if (attempt >= policy.maximumAttempts) return bury('max_attempts')
  return { kind: 'retry', delayMs: backoffMs(policy, attempt, random), mode: policy.mode }
}
