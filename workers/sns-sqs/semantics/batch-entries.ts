import { AwsError } from '../protocol/aws-error.ts'
import { sqsLimits } from './limits.ts'

/** What one service says of batches that are wrong as a whole. */
interface BatchWords {
  empty: string
  tooMany: (count: number) => string
  badId: string
  twice: (id: string) => string
}

const ofSqs = (action: string): BatchWords => ({
  empty: `There should be at least one ${action}RequestEntry in the request.`,
  tooMany: (count) => `Maximum number of entries per request are ${sqsLimits.batchEntries}. You have sent ${count}.`,
  badId:
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  twice: (id) => `Id ${id} repeated.`,
})

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html#API_PublishBatch_Errors */
const ofSns: BatchWords = {
  empty: "The batch request doesn't contain any entries.",
  tooMany: () => 'The batch request contains more entries than permissible.',
  badId: "The Id of a batch entry in a batch request doesn't abide by the specification.",
  twice: () => 'Two or more batch entries in the request have the same Id.',
}

const words: Record<BatchAction, BatchWords> = {
  SendMessageBatch: ofSqs('SendMessageBatch'),
  DeleteMessageBatch: ofSqs('DeleteMessageBatch'),
  ChangeMessageVisibilityBatch: ofSqs('ChangeMessageVisibilityBatch'),
  PublishBatch: ofSns,
}
type BatchAction = 'SendMessageBatch' | 'DeleteMessageBatch' | 'ChangeMessageVisibilityBatch' | 'PublishBatch'

/** What fails a batch as a whole. Everything else fails its entry only. */
export function checkBatchIds(action: BatchAction, ids: string[]): void {
  const { empty, tooMany, badId, twice } = words[action]
  if (ids.length === 0) throw new AwsError('EmptyBatchRequest', empty)
  if (ids.length > sqsLimits.batchEntries) {
    throw new AwsError('TooManyEntriesInBatchRequest', tooMany(ids.length))
  }
  if (ids.some((id) => !/^[A-Za-z0-9_-]{1,80}$/.test(id))) throw new AwsError('InvalidBatchEntryId', badId)
  if (new Set(ids).size === ids.length) return
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', twice(repeated))
}

/** An entry that failed, as all batch answers spell it. */
export interface FailedEntry {
  Id: string
  Code: string
  Message: string
  SenderFault: boolean
}

export const failedEntry = (id: string, error: AwsError): FailedEntry => ({
  Id: id,
  Code: error.queryCode,
  Message: error.message,
  SenderFault: error.fault === 'Sender',
})
