import { AwsError } from '../protocol/aws-error.ts'
import { sqsLimits } from './limits.ts'

/** What fails a batch as a whole. Everything else fails its entry only. */
export function checkBatchIds(ids: string[]): void {
  if (ids.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  }
  if (ids.length > sqsLimits.batchEntries) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${sqsLimits.batchEntries}. You have sent ${ids.length}.`,
    )
  }
  for (const id of ids) {
    if (/^[A-Za-z0-9_-]{1,80}$/.test(id)) continue
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    )
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`)
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
