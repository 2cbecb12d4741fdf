import { expect, test } from 'vitest'
import { defaultRetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { LetterTooLarge } from './letter-too-large.ts'
import { InvalidRecipient } from './recipient.ts'
import { SmtpBusy, SmtpRejected, SmtpUnanswered, SmtpUnavailable } from './smtp-error.ts'

test('what no attempt will change goes to the dead letters at once, what another attempt may mend does not', () => {
  const { nonRetryableErrorTypes: final } = defaultRetryPolicy
  for (const error of [InvalidRecipient, LetterTooLarge, SmtpRejected]) expect(final).toContain(new error('').name)
  for (const error of [SmtpBusy, SmtpUnanswered, SmtpUnavailable]) expect(final).not.toContain(new error('').name)
})
