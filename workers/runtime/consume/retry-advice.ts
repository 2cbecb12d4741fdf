/** What an error says of another attempt, beside its type. */
export interface RetryAdvice {
  /** No attempt will change it: to the dead-letter queue at once, whatever the policy says of its type. */
  never?: boolean
  /** The next attempt comes no sooner, in milliseconds; the policy may wait longer. */
  afterMs?: number
}

/** An error whose cause has said when, or whether, another attempt makes sense. */
export class AdvisedError extends Error {
  readonly advice: RetryAdvice

  /** `type` is the name under which the error is reported and compared with `nonRetryableErrorTypes`. */
  constructor(type: string, message: string, advice: RetryAdvice = {}) {
    super(message)
    this.name = type
    this.advice = advice
  }
}

/** What an error advises; nothing if it is an ordinary one. */
export const adviceOf = (error: unknown): { advice?: RetryAdvice } =>
  error instanceof AdvisedError ? { advice: error.advice } : {}
