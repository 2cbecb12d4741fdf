import { sqsErrors } from './sqs-errors.ts'

/** Codes whose status is not 400, beside those of SQS's own table. */
const statuses: Record<string, number> = {
  NotFound: 404,
  ResourceNotFound: 404,
  AuthorizationError: 403,
  AccessDenied: 403,
  AccessDeniedException: 403,
  InvalidClientTokenId: 403,
  SignatureDoesNotMatch: 403,
  MissingAuthenticationToken: 403,
  OptInRequired: 403,
  FilterPolicyLimitExceeded: 403,
  SubscriptionLimitExceeded: 403,
  TopicLimitExceeded: 403,
  Throttled: 429,
  Throttling: 400,
  MethodNotAllowed: 405,
  RequestEntityTooLarge: 413,
  InternalFailure: 500,
  InternalError: 500,
  ServiceUnavailable: 503,
}

/** A refusal that goes to the client under an AWS code. `code` is the name of the error's shape in the SDK. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly code: string
  readonly status: number
  /** The code in the Query protocol of SQS. */
  readonly queryCode: string
  /** What the JSON protocol calls it, with its namespace. */
  readonly jsonType: string

  constructor(code: string, message: string) {
    super(message)
    const known = sqsErrors[code]
    this.code = code
    this.status = known?.status ?? statuses[code] ?? 400
    this.queryCode = known?.query ?? code
    this.jsonType =
      known?.type ?? (known === undefined ? `com.amazon.coral.service#${code}` : `com.amazonaws.sqs#${code}`)
  }

  /** Whose fault it is, in AWS's words. */
  get fault(): 'Sender' | 'Receiver' {
    return this.status >= 500 ? 'Receiver' : 'Sender'
  }
}
