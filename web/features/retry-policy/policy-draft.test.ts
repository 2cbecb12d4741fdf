import { expect, test } from 'vitest'
import { defaultRetryPolicy, retryPolicy } from '#contracts/brokers/retry-policy.ts'
import { readDraft } from '../form/read-draft.ts'
import { backoffSchedule, bodyOfPolicy, policyDraftOf } from './policy-draft.ts'

test('a policy comes back from its draft as it was', () => {
  const policy = { ...defaultRetryPolicy, nonRetryableErrorTypes: ['CardDeclined', 'Undecodable'] }
  expect(readDraft(retryPolicy, bodyOfPolicy(policyDraftOf(policy), true))).toEqual({ input: policy, errors: {} })
})

test('a draft for one type holds what was typed and nothing else', () => {
  const draft = { ...policyDraftOf({}), maximumAttempts: ' 2 ', jitter: 'none' as const }
  expect(readDraft(retryPolicy.partial(), bodyOfPolicy(draft, false))).toEqual({
    input: { maximumAttempts: 2, jitter: 'none' },
    errors: {},
  })
})

test('each wrong field says so', () => {
  const draft = {
    ...policyDraftOf(defaultRetryPolicy),
    maximumAttempts: '0',
    initialIntervalMs: 'soon',
    attemptTimeoutMs: '',
  }
  const { input, errors } = readDraft(retryPolicy, bodyOfPolicy(draft, true))
  expect(input).toBeUndefined()
  expect(Object.keys(errors).sort()).toEqual(['/attemptTimeoutMs', '/initialIntervalMs', '/maximumAttempts'])
})

test('the schedule spans what jitter allows', () => {
  const policy = { ...defaultRetryPolicy, maximumAttempts: 3, initialIntervalMs: 1_000, backoffCoefficient: 3 }
  expect(backoffSchedule({ ...policy, jitter: 'none' })).toEqual([
    { attempt: 2, fromMs: 1_000, toMs: 1_000 },
    { attempt: 3, fromMs: 3_000, toMs: 3_000 },
  ])
  expect(backoffSchedule({ ...policy, jitter: 'equal' })).toMatchObject([{ fromMs: 500 }, { fromMs: 1_500 }])
  expect(backoffSchedule({ ...policy, maximumAttempts: 1 })).toEqual([])
})
