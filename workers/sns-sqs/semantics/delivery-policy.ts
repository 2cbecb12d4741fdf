import { AwsError } from '../protocol/aws-error.ts'
import { parsePolicyJson } from './policy-json.ts'

/** How an HTTP endpoint is tried again. Times in seconds. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
export interface HttpRetryPolicy {
  minDelayTarget: number
  maxDelayTarget: number
  numRetries: number
  numMaxDelayRetries: number
  numNoDelayRetries: number
  numMinDelayRetries: number
  backoffFunction: 'linear' | 'arithmetic' | 'geometric' | 'exponential'
}

export const defaultHttpRetryPolicy: HttpRetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
}

/** A policy that was taken; `null` was once taken too, and says nothing. */
const stored = (text: string) => JSON.parse(text) ?? {}

const defaultContentType = 'text/plain; charset=UTF-8'

/** AWS's default policy of a topic, with what its own changes. */
export function effectiveDeliveryPolicy(text: string | undefined): string {
  const own = text === undefined || text === '' ? {} : (stored(text).http ?? {})
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: { ...defaultHttpRetryPolicy, ...own.defaultHealthyRetryPolicy },
      disableSubscriptionOverrides: own.disableSubscriptionOverrides ?? false,
      ...(own.defaultThrottlePolicy === undefined ? {} : { defaultThrottlePolicy: own.defaultThrottlePolicy }),
      defaultRequestPolicy: { headerContentType: defaultContentType, ...own.defaultRequestPolicy },
    },
  })
}

/** A topic's own policy as it is shown: what says nothing is left out. */
export function topicDeliveryPolicy(text: string): string {
  const own = stored(text).http ?? {}
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: own.defaultHealthyRetryPolicy ?? undefined,
      disableSubscriptionOverrides: own.disableSubscriptionOverrides ?? false,
      defaultThrottlePolicy: own.defaultThrottlePolicy ?? undefined,
      defaultRequestPolicy: own.defaultRequestPolicy ?? undefined,
    },
  })
}

const partsOfSubscription = (own: Record<string, unknown>) => ({
  healthyRetryPolicy: own.healthyRetryPolicy ?? null,
  sicklyRetryPolicy: own.sicklyRetryPolicy ?? null,
  throttlePolicy: own.throttlePolicy ?? null,
  requestPolicy: own.requestPolicy ?? null,
  guaranteed: own.guaranteed ?? false,
})

/** A subscription's own policy as it is shown: with every part. */
export const subscriptionDeliveryPolicy = (text: string): string => JSON.stringify(partsOfSubscription(stored(text)))

/** What holds for one subscription, as it is shown. The empty text is not a policy of its own. */
export function effectiveSubscriptionPolicy(topic: string | undefined, own: string): string {
  const { retry, contentType } = httpPolicyFor(topic, own)
  return JSON.stringify({
    ...partsOfSubscription(own === '' ? {} : stored(own)),
    healthyRetryPolicy: retry,
    requestPolicy: { headerContentType: contentType },
  })
}

/** What holds for one subscription: its own policy over that of its topic. */
export function httpPolicyFor(
  topic: string | undefined,
  own: string | undefined,
): { retry: HttpRetryPolicy; contentType: string } {
  const { http } = JSON.parse(effectiveDeliveryPolicy(topic))
  const { healthyRetryPolicy, requestPolicy } =
    own === undefined || own === '' || http.disableSubscriptionOverrides === true ? {} : stored(own)
  return {
    retry: { ...http.defaultHealthyRetryPolicy, ...healthyRetryPolicy },
    contentType: requestPolicy?.headerContentType ?? http.defaultRequestPolicy.headerContentType,
  }
}

/** Milliseconds before each retry: without delay, at the least delay, growing from it to the greatest, at the greatest. */
export function retryDelays(policy: HttpRetryPolicy): number[] {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries, minDelayTarget, maxDelayTarget } =
    policy
  const growing = Math.max(0, numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries)
  const between = (index: number): number => {
    const part = growing === 1 ? 0 : index / (growing - 1)
    const span = maxDelayTarget - minDelayTarget
    if (policy.backoffFunction === 'linear') return minDelayTarget + span * part
    if (policy.backoffFunction === 'arithmetic') return minDelayTarget + (span * (part * part + part)) / 2
    if (policy.backoffFunction === 'geometric') return minDelayTarget + span * part * part
    return minDelayTarget + (span * (2 ** (10 * part) - 1)) / 1023
  }
  return [
    ...Array<number>(numNoDelayRetries).fill(0),
    ...Array<number>(numMinDelayRetries).fill(minDelayTarget),
    ...Array.from({ length: growing }, (_, index) => between(index)),
    ...Array<number>(numMaxDelayRetries).fill(maxDelayTarget),
  ].map((seconds) => Math.round(seconds * 1000))
}

const functions = ['linear', 'arithmetic', 'geometric', 'exponential']

/** Refuses a policy that AWS refuses; `name` begins the reason. `retryName` is that of the retry policy in it. */
export function checkDeliveryPolicy(text: string, inTopic: boolean, prefix: string): void {
  const refusal = (reason: string): AwsError =>
    new AwsError('InvalidParameter', `Invalid parameter: ${prefix}DeliveryPolicy: ${reason}`)
  const refuse = (reason: string): never => {
    throw refusal(reason)
  }
  const policy = parsePolicyJson(text, refusal)
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) refuse('must be a JSON object')
  const whole = Object(inTopic ? Object(policy).http : policy) as Record<string, unknown>
  const retry = Object(inTopic ? whole.defaultHealthyRetryPolicy : whole.healthyRetryPolicy) as Record<string, unknown>
  const number = (name: string, least: number, most: number): void => {
    const value = retry[name]
    if (value === undefined) return
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      refuse(`${name} must be a whole number from ${least} to ${most}`)
    }
  }
  number('minDelayTarget', 0, 3600)
  number('maxDelayTarget', 0, 3600)
  for (const name of ['numRetries', 'numMaxDelayRetries', 'numNoDelayRetries', 'numMinDelayRetries'])
    number(name, 0, 100)
  const merged = { ...defaultHttpRetryPolicy, ...retry } as HttpRetryPolicy
  if (merged.maxDelayTarget < merged.minDelayTarget)
    refuse('maxDelayTarget must be greater than or equal to minDelayTarget')
  if (merged.numNoDelayRetries + merged.numMinDelayRetries + merged.numMaxDelayRetries > merged.numRetries) {
    refuse('numRetries must be greater than or equal to the sum of its phases')
  }
  if (!functions.includes(merged.backoffFunction)) refuse(`backoffFunction must be one of ${functions.join(', ')}`)
}
