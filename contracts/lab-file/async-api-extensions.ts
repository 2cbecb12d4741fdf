/** What a lab writes into an AsyncAPI document beyond its specification, to be a lab again when it is imported. */
export const asyncApiExtensions = {
  /** Of an operation: the service that does it, where a document describes several. */
  service: 'x-faultline-service',
  /** Of a message: the version of its schema, if that is not 1. */
  version: 'x-faultline-version',
  /** Of a message: the field of the data that is the partition key. */
  key: 'x-faultline-key',
} as const
