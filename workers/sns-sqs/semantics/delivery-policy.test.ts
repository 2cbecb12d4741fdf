import { expect, test } from 'vitest'
import {
  checkDeliveryPolicy,
  defaultHttpRetryPolicy,
  effectiveDeliveryPolicy,
  effectiveSubscriptionPolicy,
  httpPolicyFor,
  retryDelays,
  subscriptionDeliveryPolicy,
  topicDeliveryPolicy,
} from './delivery-policy.ts'

test('retries come without delay, at the least, growing, then at the greatest', () => {
  expect(retryDelays(defaultHttpRetryPolicy)).toEqual([20_000, 20_000, 20_000])
  const policy = {
    ...{ minDelayTarget: 1, maxDelayTarget: 5, numRetries: 7, backoffFunction: 'linear' as const },
    ...{ numNoDelayRetries: 1, numMinDelayRetries: 2, numMaxDelayRetries: 1 },
  }
  expect(retryDelays(policy)).toEqual([0, 1_000, 1_000, 1_000, 3_000, 5_000, 5_000])
  const growing = retryDelays({ ...policy, backoffFunction: 'exponential' })
  expect([...growing].sort((a, b) => a - b)).toEqual(growing)
})

test("a subscription's own policy wins over its topic's, unless the topic forbids it", () => {
  const topic = JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 5 } } })
  const own = JSON.stringify({
    healthyRetryPolicy: { numRetries: 1 },
    requestPolicy: { headerContentType: 'application/json' },
  })
  expect(httpPolicyFor(topic, own)).toMatchObject({ retry: { numRetries: 1 }, contentType: 'application/json' })
  expect(httpPolicyFor(topic, undefined).retry.numRetries).toBe(5)
  const strict = JSON.stringify({ http: { disableSubscriptionOverrides: true } })
  expect(httpPolicyFor(strict, own).retry.numRetries).toBe(3)
  expect(JSON.parse(effectiveDeliveryPolicy(undefined)).http.defaultHealthyRetryPolicy).toEqual(defaultHttpRetryPolicy)
})

test.each(['null', '[]', '5', '"text"', 'true', 'no JSON'])(
  '%s is no policy, of a topic or of a subscription',
  (text) => {
    for (const inTopic of [true, false]) {
      expect(() => checkDeliveryPolicy(text, inTopic, '')).toThrow(/^Invalid parameter: DeliveryPolicy: /)
    }
  },
)

test('null, which was taken once, says nothing', () => {
  expect(effectiveDeliveryPolicy('null')).toBe(effectiveDeliveryPolicy(undefined))
  expect(topicDeliveryPolicy('null')).toBe(topicDeliveryPolicy('{}'))
  expect(subscriptionDeliveryPolicy('null')).toBe(subscriptionDeliveryPolicy('{}'))
  expect(effectiveSubscriptionPolicy('null', 'null')).toBe(effectiveSubscriptionPolicy(undefined, ''))
  expect(httpPolicyFor('null', 'null')).toEqual(httpPolicyFor(undefined, undefined))
})
