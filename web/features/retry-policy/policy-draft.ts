import type { RetryMode } from '#contracts/brokers/retry-mode.ts'
import { backoffMs, type RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { DraftBody } from '../form/read-draft.ts'

/** A policy as it is typed. An empty text is "not given": for one type it means "as for all types". */
export interface PolicyDraft {
  maximumAttempts: string
  initialIntervalMs: string
  backoffCoefficient: string
  maximumIntervalMs: string
  attemptTimeoutMs: string
  jitter: RetryPolicy['jitter'] | ''
  mode: RetryMode | ''
  /** Separated by commas or spaces. */
  nonRetryableErrorTypes: string
}

export type NumberField = Exclude<keyof PolicyDraft, 'jitter' | 'mode' | 'nonRetryableErrorTypes'>
export const numberFields = [
  'maximumAttempts',
  'initialIntervalMs',
  'backoffCoefficient',
  'maximumIntervalMs',
  'attemptTimeoutMs',
] as const satisfies readonly NumberField[]

export function policyDraftOf(policy: Partial<RetryPolicy>): PolicyDraft {
  const text = (field: NumberField): string => (policy[field] === undefined ? '' : String(policy[field]))
  return {
    maximumAttempts: text('maximumAttempts'),
    initialIntervalMs: text('initialIntervalMs'),
    backoffCoefficient: text('backoffCoefficient'),
    maximumIntervalMs: text('maximumIntervalMs'),
    attemptTimeoutMs: text('attemptTimeoutMs'),
    jitter: policy.jitter ?? '',
    mode: policy.mode ?? '',
    nonRetryableErrorTypes: policy.nonRetryableErrorTypes?.join(', ') ?? '',
  }
}

/** A draft as the policy that it represents, by the contract's fields. `isWhole`: no number may be left out, as in the policy for all types. */
export function bodyOfPolicy(draft: PolicyDraft, isWhole: boolean): DraftBody {
  const errors: Record<string, string> = {}
  const body: Record<string, unknown> = {}
  for (const field of numberFields) {
    const text = draft[field].trim()
    if (text === '') {
      if (isWhole) errors[`/${field}`] = 'is required'
    } else if (Number.isNaN(Number(text))) errors[`/${field}`] = 'must be a number'
    else body[field] = Number(text)
  }
  if (draft.jitter !== '') body.jitter = draft.jitter
  if (draft.mode !== '') body.mode = draft.mode
  const types = draft.nonRetryableErrorTypes.split(/[\s,]+/).filter((type) => type !== '')
  if (isWhole || types.length > 0) body.nonRetryableErrorTypes = [...new Set(types)]
  return { body, errors }
}

/** When each further attempt is due at the earliest and at the latest, in milliseconds after the one before it; ten at most. */
export function backoffSchedule(policy: RetryPolicy): { attempt: number; fromMs: number; toMs: number }[] {
  return Array.from({ length: Math.min(policy.maximumAttempts - 1, 10) }, (_, index) => ({
    attempt: index + 2,
    fromMs: backoffMs(policy, index + 1, () => 0),
    toMs: backoffMs({ ...policy, jitter: 'none' }, index + 1, () => 0),
  }))
}
