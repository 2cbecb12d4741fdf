import { AwsError } from '../../protocol/aws-error.ts'
import { type Input, integer, records, text } from '../../protocol/fields.ts'
import { checkBatchIds, type FailedEntry, failedEntry } from '../../semantics/batch-entries.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import type { ReceiptOutcome, VisibilityChange } from '../../stores/queue-store.ts'
import { parseReceipt } from '../../stores/receipt.ts'
import { type Action, type ActionServices, queueOf } from '../action.ts'

const invalidReceipt = (receipt: string): AwsError =>
  new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${receipt}" is not a valid receipt handle.`)

/** Deleting what is gone, or with an older receipt, is not an error: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
function deleteError(outcome: ReceiptOutcome | undefined, receipt: string): AwsError | undefined {
  if (outcome === 'expired') {
    return new AwsError(
      'InvalidParameterValue',
      `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    )
  }
  return outcome === 'invalid' ? invalidReceipt(receipt) : undefined
}

const changeError = (outcome: ReceiptOutcome | undefined, receipt: string): AwsError | undefined => {
  if (outcome !== 'gone' && outcome !== 'expired') return deleteError(outcome, receipt)
  return new AwsError(
    'InvalidParameterValue',
    `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  )
}

/**
 * The change that a request or an entry of one asks for. A message is hidden for at most twelve hours after it was received, whatever is
 * added: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
function changeIn(input: Input, { clock }: ActionServices): VisibilityChange {
  if (input.VisibilityTimeout === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.')
  }
  const receipt = text(input, 'ReceiptHandle')
  const seconds = integer(input, 'VisibilityTimeout', 0, sqsLimits.visibilityTimeoutSeconds)
  const { receivedAt = clock.now() } = parseReceipt(receipt) ?? {}
  if (Math.floor((clock.now() - receivedAt) / 1000) + seconds > sqsLimits.visibilityTimeoutSeconds && seconds > 0) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${sqsLimits.visibilityTimeoutSeconds} seconds].`,
    )
  }
  return { receipt, timeoutMs: seconds * 1000, byAnyReceipt: true }
}

const deleteMessage: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const receipt = text(input, 'ReceiptHandle')
  services.fifoThroughput?.count(queue, 'DeleteMessage')
  const [outcome] = await services.store.delete(queue.name, [receipt])
  const error = deleteError(outcome, receipt)
  if (error !== undefined) throw error
  return {}
}

const deleteMessageBatch: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const entries = records(input, 'Entries')
  const ids = entries.map((entry) => text(entry, 'Id'))
  checkBatchIds('DeleteMessageBatch', ids)
  services.fifoThroughput?.count(queue, 'DeleteMessageBatch')
  const receipts = entries.map((entry) => text(entry, 'ReceiptHandle'))
  const outcomes = await services.store.delete(queue.name, receipts)
  return batchAnswer(
    ids,
    receipts.map((receipt, index) => deleteError(outcomes[index], receipt)),
  )
}

const changeMessageVisibility: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const change = changeIn(input, services)
  const { receipt } = change
  const [outcome] = await services.store.changeVisibility(queue.name, [change])
  const error = changeError(outcome, receipt)
  if (error !== undefined) throw error
  return {}
}

const changeMessageVisibilityBatch: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const entries = records(input, 'Entries')
  const ids = entries.map((entry) => text(entry, 'Id'))
  checkBatchIds('ChangeMessageVisibilityBatch', ids)
  const errors: (AwsError | undefined)[] = new Array(entries.length)
  const changes: VisibilityChange[] = []
  const places: number[] = []
  entries.forEach((entry, index) => {
    try {
      changes.push(changeIn(entry, services))
      places.push(index)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      errors[index] = error
    }
  })
  const outcomes = await services.store.changeVisibility(queue.name, changes)
  places.forEach((place, index) => {
    errors[place] = changeError(outcomes[index], changes[index]?.receipt ?? '')
  })
  return batchAnswer(ids, errors)
}

function batchAnswer(ids: string[], errors: (AwsError | undefined)[]): Record<string, unknown> {
  const successful: { Id: string }[] = []
  const failed: FailedEntry[] = []
  ids.forEach((id, index) => {
    const error = errors[index]
    if (error === undefined) successful.push({ Id: id })
    else failed.push(failedEntry(id, error))
  })
  return failed.length === 0 ? { Successful: successful } : { Successful: successful, Failed: failed }
}

export const sqsSettleActions: Record<string, Action> = {
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
}
