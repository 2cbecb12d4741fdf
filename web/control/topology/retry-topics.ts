import type { TopologyNode } from '#contracts/api/topology.ts'
import { policyFor, type RetryPolicy, type Subscription } from '#contracts/brokers/retry-policy.ts'
import type { DeclaredLab } from '../lab/declared-lab.ts'

/** A retry topic that the broker has, and how many messages are in it. */
export interface StandingRetryTopic {
  group: string
  level: number
  waiting: number
}

interface RetryTopic {
  group: string
  retry: NonNullable<TopologyNode['retry']>
  /** Whether the policy of now sends messages there. */
  isUsed: boolean
}

/**
 * Of the retry topics that the broker has, those that are drawn: where the policy of a group has messages wait, the first one always, as
 * redrives pass it, and those in which something waits still from before the policy changed.
 */
export function retryTopics(lab: DeclaredLab, standing: readonly StandingRetryTopic[]): RetryTopic[] {
  return standing.flatMap(({ group, level, waiting }) => {
    const subscription = lab.subscriptions.find(({ consumer }) => consumer === group)
    if (!subscription) return []
    const last = Math.max(...standing.filter((other) => other.group === group).map((other) => other.level))
    const delayMs = longestWait(policiesOf(subscription), level, level === last)
    const isUsed = delayMs !== undefined || level === 1
    if (!isUsed && waiting === 0) return []
    return { group, isUsed, retry: { group, level, ...(delayMs === undefined ? {} : { delayMs }) } }
  })
}

/** Policies that hold for some message of a subscription. */
const policiesOf = (subscription: Subscription): RetryPolicy[] => [
  subscription.retryPolicy,
  ...Object.keys(subscription.retryPolicyByType).map((type) => policyFor(subscription, type)),
]

/** The longest interval after which a message leaves this level; undefined if none waits here. The last level takes all later ones. */
function longestWait(policies: readonly RetryPolicy[], level: number, isLast: boolean): number | undefined {
  const waits = policies.flatMap((policy) => {
    if (policy.mode === 'blocking' || policy.maximumAttempts <= level) return []
    const attempt = isLast ? policy.maximumAttempts - 1 : level
    const grown = policy.initialIntervalMs * policy.backoffCoefficient ** (attempt - 1)
    return Math.min(policy.maximumIntervalMs, grown)
  })
  return waits.length === 0 ? undefined : Math.max(...waits)
}
