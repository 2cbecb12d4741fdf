import { z } from 'zod'
import { finalErrorTypes } from '../effects/final-errors.ts'
import { type BrokerName, brokerOf } from './broker-name.ts'
import { type RetryMode, retryMode } from './retry-mode.ts'

/** The longest interval of a policy, milliseconds: 12 h. */
export const maxRetryIntervalMs = 43_200_000

export const errorTypeName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/, 'must not hold the character NUL')

/**
 * When a failed attempt runs again. Field names are Temporal's (https://docs.temporal.io/encyclopedia/retry-policies).
 * All intervals are milliseconds.
 */
export const retryPolicy = z.strictObject({
  /** Attempts in all, the first one included. 1 = never again. */
  maximumAttempts: z.int().min(1).max(100),
  initialIntervalMs: z.int().min(0).max(maxRetryIntervalMs),
  backoffCoefficient: z.number().min(1).max(100),
  maximumIntervalMs: z.int().min(0).max(maxRetryIntervalMs),
  /** full: random(0, interval); equal: interval/2 + random(0, interval/2); none: interval. */
  jitter: z.enum(['none', 'full', 'equal']),
  /** Exact names of error types that go to the dead-letter queue at once. */
  nonRetryableErrorTypes: z.array(errorTypeName).max(100),
  /** An attempt that takes longer counts as failed with `AttemptTimeout`. */
  attemptTimeoutMs: z.int().min(1).max(maxRetryIntervalMs),
  /** Where a message waits for its next attempt. */
  mode: retryMode,
})
export type RetryPolicy = z.infer<typeof retryPolicy>

/** The mode that a policy has on a broker: its own where the broker has it, else the broker's first. */
export function modeOn(broker: BrokerName, mode: RetryMode): RetryMode {
  const { retryModes }: { retryModes: readonly [RetryMode, ...RetryMode[]] } = brokerOf(broker)
  return retryModes.includes(mode) ? mode : retryModes[0]
}

/**
 * Used where a consumer has no policy of its own. It outlives a database or a mail server that is away for 30 s: the intervals are
 * 0.5, 2, 8, 30 and 30 s, of which equal jitter keeps at least half, so the last attempt comes 35 to 71 s after the first one failed.
 * Full jitter would promise no time at all: five draws near zero are rare, and among a thousand messages they happen. The first
 * retry stays fast, as most failures are short; six attempts keep Kafka at five retry topics for each topic and group.
 */
export const defaultRetryPolicy: RetryPolicy = {
  maximumAttempts: 6,
  initialIntervalMs: 500,
  backoffCoefficient: 4,
  maximumIntervalMs: 30_000,
  jitter: 'equal',
  nonRetryableErrorTypes: [...finalErrorTypes],
  attemptTimeoutMs: 30_000,
  mode: 'visibility-timeout',
}

/**
 * Milliseconds until attempt `attempt + 1`, after attempt `attempt` (from 1) failed.
 * `random` is uniform in [0, 1). Full jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: () => number): number {
  const interval = Math.min(
    policy.maximumIntervalMs,
    policy.initialIntervalMs * policy.backoffCoefficient ** (attempt - 1),
  )
  if (policy.jitter === 'full') return Math.floor(random() * interval)
  if (policy.jitter === 'equal') return Math.floor(interval / 2 + (random() * interval) / 2)
  return Math.floor(interval)
}

/** Why a message went to the dead-letter queue. */
export const deadLetterReason = z.enum(['max_attempts', 'non_retryable', 'undecodable', 'expired'])
export type DeadLetterReason = z.infer<typeof deadLetterReason>

/** What a consumer takes and how it retries; `PUT /api/subscriptions/:consumer` changes either. */
export const subscription = z.object({
  consumer: z.string(),
  eventTypes: z.array(z.string()),
  retryPolicy,
  /** By event type: what differs from `retryPolicy` for messages of that type. */
  retryPolicyByType: z.record(z.string(), retryPolicy.partial()).default({}),
})
export type Subscription = z.infer<typeof subscription>

/** The policy that holds for a message of `type`. */
export const policyFor = ({ retryPolicy, retryPolicyByType }: Subscription, type: string): RetryPolicy => ({
  ...retryPolicy,
  ...(Object.hasOwn(retryPolicyByType, type) ? retryPolicyByType[type] : undefined),
})

/** Fields that are not given stay as they are. In `retryPolicyByType`, null takes away what a type has of its own. */
export const subscriptionInput = z
  .strictObject({
    eventTypes: z.array(z.string()).max(500).optional(),
    retryPolicy: retryPolicy.partial().optional(),
    retryPolicyByType: z.record(z.string(), retryPolicy.partial().nullable()).optional(),
  })
  .refine((input) => Object.values(input).some((part) => part !== undefined), {
    message: 'give eventTypes, retryPolicy, retryPolicyByType or several of them',
  })
