import { expect, test } from 'vitest'
import { defaultRetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { DatabaseRefused, DatabaseUnavailable, InvalidEventData, UnstorableText } from './database-error.ts'

test('what no attempt will change goes to the dead letters at once, what another attempt may mend does not', () => {
  const { nonRetryableErrorTypes: final } = defaultRetryPolicy
  for (const error of [DatabaseRefused, InvalidEventData, UnstorableText]) expect(final).toContain(new error('').name)
  expect(final).not.toContain(new DatabaseUnavailable('').name)
})
