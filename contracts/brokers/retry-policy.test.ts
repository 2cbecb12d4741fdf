import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  backoffMs,
  defaultRetryPolicy,
  modeOn,
  policyFor,
  type RetryPolicy,
  subscriptionInput,
} from './retry-policy.ts'

const policy = (changes: Partial<RetryPolicy>): RetryPolicy => ({ ...defaultRetryPolicy, ...changes })

test('without jitter the interval doubles up to its maximum', () => {
  const plain = policy({ jitter: 'none', initialIntervalMs: 200, backoffCoefficient: 2, maximumIntervalMs: 1_000 })
  expect([1, 2, 3, 4, 5].map((attempt) => backoffMs(plain, attempt, () => 0.5))).toEqual([200, 400, 800, 1_000, 1_000])
})

test('full jitter lies between zero and the interval, equal jitter in its upper half', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const interval = backoffMs(policy({ jitter: 'none' }), attempt, () => 0)
      expect(backoffMs(policy({ jitter: 'full' }), attempt, () => random)).toBeLessThanOrEqual(interval)
      expect(backoffMs(policy({ jitter: 'equal' }), attempt, () => random)).toBeGreaterThanOrEqual(
        Math.floor(interval / 2),
      )
      expect(Number.isSafeInteger(backoffMs(policy({}), attempt, () => random))).toBe(true)
    }),
  )
})

test('the default outlives a database that is away for 30 s, whatever jitter draws', () => {
  const { maximumAttempts } = defaultRetryPolicy
  const retries = Array.from({ length: maximumAttempts - 1 }, (_, index) => index + 1)
  const span = (random: number): number =>
    retries.reduce((sum, attempt) => sum + backoffMs(defaultRetryPolicy, attempt, () => random), 0)
  expect([span(0), span(0.999_999)].map((ms) => Math.floor(ms / 1_000))).toEqual([35, 70])
  expect(
    backoffMs(defaultRetryPolicy, 1, () => 0.999),
    'most failures are short',
  ).toBeLessThanOrEqual(500)
})

test('a change of a subscription names at least one of its parts and adds no defaults', () => {
  expect(subscriptionInput.safeParse({}).success).toBe(false)
  expect(subscriptionInput.parse({ retryPolicy: { maximumAttempts: 2 } })).toEqual({
    retryPolicy: { maximumAttempts: 2 },
  })
})

test('a mode that a broker lacks gives way to the first it has', () => {
  expect(modeOn('kafka', 'visibility-timeout')).toBe('retry-topic')
  expect(modeOn('kafka', 'blocking')).toBe('blocking')
  expect(modeOn('redis', 'blocking')).toBe('visibility-timeout')
})

test('what a type has of its own is laid over the policy of its consumer', () => {
  const consumer = { consumer: 'c', eventTypes: [], retryPolicy: defaultRetryPolicy }
  const subscription = { ...consumer, retryPolicyByType: { a: { maximumAttempts: 9 } } }
  expect(policyFor(subscription, 'a')).toEqual({ ...defaultRetryPolicy, maximumAttempts: 9 })
  expect(policyFor(subscription, 'constructor')).toEqual(defaultRetryPolicy)
})
