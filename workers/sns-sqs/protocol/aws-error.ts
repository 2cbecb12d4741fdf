/**
 * Errors as AWS names them. `query` is the code of the older Query protocol, which the SDKs read from the
 * `x-amzn-query-error` header or from XML; `status` goes with it. Source: `awsQueryError` in the SDKs' own schemas.
 */
const sqsTable: Record<string, { query: string; status: number }> = {
  BatchEntryIdsNotDistinct: { query: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct', status: 400 },
  BatchRequestTooLong: { query: 'AWS.SimpleQueueService.BatchRequestTooLong', status: 400 },
  EmptyBatchRequest: { query: 'AWS.SimpleQueueService.EmptyBatchRequest', status: 400 },
  InvalidAddress: { query: 'InvalidAddress', status: 404 },
  InvalidBatchEntryId: { query: 'AWS.SimpleQueueService.InvalidBatchEntryId', status: 400 },
  InvalidSecurity: { query: 'InvalidSecurity', status: 403 },
  MessageNotInflight: { query: 'AWS.SimpleQueueService.MessageNotInflight', status: 400 },
  OverLimit: { query: 'OverLimit', status: 403 },
  PurgeQueueInProgress: { query: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403 },
  QueueDeletedRecently: { query: 'AWS.SimpleQueueService.QueueDeletedRecently', status: 400 },
  QueueDoesNotExist: { query: 'AWS.SimpleQueueService.NonExistentQueue', status: 400 },
  QueueNameExists: { query: 'QueueAlreadyExists', status: 400 },
  ReceiptHandleIsInvalid: { query: 'ReceiptHandleIsInvalid', status: 404 },
  RequestThrottled: { query: 'RequestThrottled', status: 403 },
  ResourceNotFoundException: { query: 'ResourceNotFoundException', status: 404 },
  TooManyEntriesInBatchRequest: { query: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest', status: 400 },
  UnsupportedOperation: { query: 'AWS.SimpleQueueService.UnsupportedOperation', status: 400 },
}

/** Codes that are not 400, beside those of SQS above. */
const statuses: Record<string, number> = {
  NotFound: 404,
  ResourceNotFound: 404,
  AuthorizationError: 403,
  AccessDenied: 403,
  FilterPolicyLimitExceeded: 403,
  SubscriptionLimitExceeded: 403,
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
  /** The code in the Query protocol. */
  readonly queryCode: string

  constructor(code: string, message: string) {
    super(message)
    const known = sqsTable[code]
    this.code = code
    this.status = known?.status ?? statuses[code] ?? 400
    this.queryCode = known?.query ?? code
  }

  /** Whose fault it is, in AWS's words. */
  get fault(): 'Sender' | 'Receiver' {
    return this.status >= 500 ? 'Receiver' : 'Sender'
  }
}
