interface SqsError {
  /** The code in the Query protocol, which the SDKs read from the `x-amzn-query-error` header or from XML. */
  query: string
  status: number
  /** The type in the JSON protocol, if it is not the code in the namespace of SQS. */
  type?: string
}

const named = (query: string, status = 400): SqsError => ({ query, status })
const prefixed = (code: string, status = 400): SqsError => named(`AWS.SimpleQueueService.${code}`, status)
/** Errors that are not SQS's own but of the framework that all services share. */
const common = (query: string, type: string, status = 400): SqsError => ({
  query,
  status,
  type: `com.amazon.coral.service#${type}`,
})

/** The errors of SQS by the name of their shape, as the SDKs' own schemas list them (`awsQueryError`), and the common ones. */
export const sqsErrors: Record<string, SqsError> = {
  BatchEntryIdsNotDistinct: prefixed('BatchEntryIdsNotDistinct'),
  BatchRequestTooLong: prefixed('BatchRequestTooLong'),
  EmptyBatchRequest: prefixed('EmptyBatchRequest'),
  InvalidAddress: named('InvalidAddress', 404),
  InvalidAttributeName: named('InvalidAttributeName'),
  InvalidAttributeValue: named('InvalidAttributeValue'),
  InvalidBatchEntryId: prefixed('InvalidBatchEntryId'),
  InvalidIdFormat: named('InvalidIdFormat'),
  InvalidMessageContents: named('InvalidMessageContents'),
  InvalidSecurity: named('InvalidSecurity', 403),
  KmsAccessDenied: named('KMS.AccessDeniedException'),
  KmsDisabled: named('KMS.DisabledException'),
  KmsInvalidKeyUsage: named('KMS.InvalidKeyUsageException'),
  KmsInvalidState: named('KMS.InvalidStateException'),
  KmsNotFound: named('KMS.NotFoundException'),
  KmsOptInRequired: named('KMS.OptInRequired', 403),
  KmsThrottled: named('KMS.ThrottlingException'),
  MessageNotInflight: prefixed('MessageNotInflight'),
  OverLimit: named('OverLimit', 403),
  PurgeQueueInProgress: prefixed('PurgeQueueInProgress', 403),
  QueueDeletedRecently: prefixed('QueueDeletedRecently'),
  QueueDoesNotExist: prefixed('NonExistentQueue'),
  QueueNameExists: named('QueueAlreadyExists'),
  ReceiptHandleIsInvalid: named('ReceiptHandleIsInvalid', 404),
  RequestThrottled: named('RequestThrottled', 403),
  ResourceNotFoundException: named('ResourceNotFoundException', 404),
  TooManyEntriesInBatchRequest: prefixed('TooManyEntriesInBatchRequest'),
  UnsupportedOperation: prefixed('UnsupportedOperation'),
  InvalidParameterValue: common('InvalidParameterValue', 'InvalidParameterValueException'),
  MissingParameter: common('MissingParameter', 'MissingRequiredParameterException'),
  InvalidAction: common('InvalidAction', 'UnknownOperationException'),
  MissingAction: common('MissingAction', 'MissingActionException'),
  SerializationException: common('MalformedInput', 'SerializationException'),
  AccessDenied: common('AccessDenied', 'AccessDeniedException', 403),
  InvalidClientTokenId: common('InvalidClientTokenId', 'UnrecognizedClientException', 403),
  SignatureDoesNotMatch: common('SignatureDoesNotMatch', 'InvalidSignatureException', 403),
  MissingAuthenticationToken: common('MissingAuthenticationToken', 'MissingAuthenticationTokenException', 403),
  IncompleteSignature: common('IncompleteSignature', 'IncompleteSignatureException'),
  ServiceUnavailable: common('ServiceUnavailable', 'ServiceUnavailable', 503),
  InternalFailure: common('InternalFailure', 'InternalFailure', 500),
}
