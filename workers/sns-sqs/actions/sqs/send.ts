import { hash } from 'node:crypto'
import { AwsError } from '../../protocol/aws-error.ts'
import { type Input, optionalInteger, records, text } from '../../protocol/fields.ts'
import { checkBatchIds, type FailedEntry, failedEntry } from '../../semantics/batch-entries.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import {
  checkAttributes,
  digestAttributes,
  type MessageAttribute,
  type MessageAttributes,
} from '../../semantics/message-attributes.ts'
import { checkMessageText } from '../../semantics/message-text.ts'
import type { NewMessage, QueueDefinition } from '../../stores/queue-store.ts'
import { type Action, queueOf } from '../action.ts'

interface Outgoing {
  message: NewMessage
  /** Body and attributes, as the limits count them. */
  bytes: number
}

const sendMessage: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const { message } = outgoing(input, queue, services.newId())
  await services.store.accept([message])
  return answer(message)
}

const sendMessageBatch: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const entries = records(input, 'Entries')
  const ids = entries.map((entry) => text(entry, 'Id'))
  checkBatchIds(ids)
  const good: { id: string; message: NewMessage }[] = []
  const failed: FailedEntry[] = []
  let bytes = 0
  entries.forEach((entry, index) => {
    const id = ids[index] ?? ''
    try {
      const one = outgoing(entry, queue, services.newId())
      bytes += one.bytes
      good.push({ id, message: one.message })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      failed.push(failedEntry(id, error))
    }
  })
  if (bytes > sqsLimits.messageBytes) {
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${sqsLimits.messageBytes} bytes. You have sent ${bytes} bytes.`,
    )
  }
  if (good.length > 0) await services.store.accept(good.map(({ message }) => message))
  const successful = good.map(({ id, message }) => ({ Id: id, ...answer(message) }))
  return failed.length === 0 ? { Successful: successful } : { Successful: successful, Failed: failed }
}

const noAttributes = { md5: '', bytes: 0 }

function outgoing(input: Input, queue: QueueDefinition, id: string): Outgoing {
  const body = text(input, 'MessageBody')
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.')
  checkMessageText(body)
  const attributes = attributesOf(input, 'MessageAttributes')
  if (attributes !== undefined) checkAttributes(attributes, 'InvalidParameterValue')
  const digest = attributes === undefined ? noAttributes : digestAttributes(attributes)
  const bytes = Buffer.byteLength(body) + digest.bytes
  const most = queue.settings.maximumMessageBytes
  if (bytes > most) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    )
  }
  const delay = optionalInteger(input, 'DelaySeconds', 0, sqsLimits.delaySeconds)
  const leg = delay === undefined ? { queue: queue.name } : { queue: queue.name, delayMs: delay * 1000 }
  const message: NewMessage = {
    id,
    body,
    attributes: attributes === undefined ? '' : JSON.stringify(attributes),
    md5OfBody: hash('md5', body),
    md5OfAttributes: digest.md5,
    traceHeader: attributesOf(input, 'MessageSystemAttributes')?.AWSTraceHeader?.StringValue ?? '',
    groupId: '',
    deduplicationId: '',
    legs: [leg],
  }
  return { message, bytes }
}

/** The attributes of a message in their plain form; undefined where there are none. */
function attributesOf(input: Input, name: string): MessageAttributes | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  const attributes: MessageAttributes = {}
  let some = false
  const given = Object(value) as Record<string, unknown>
  for (const key of Object.keys(given)) {
    attributes[key] = attributeOf(key, given[key])
    some = true
  }
  return some ? attributes : undefined
}

function attributeOf(name: string, raw: unknown): MessageAttribute {
  const { DataType, StringValue, BinaryValue } = Object(raw) as Record<string, unknown>
  if (typeof DataType !== 'string') {
    throw new AwsError('InvalidParameterValue', `The message attribute '${name}' must contain a DataType.`)
  }
  const attribute: MessageAttribute = { DataType }
  if (typeof StringValue === 'string') attribute.StringValue = StringValue
  if (typeof BinaryValue === 'string') attribute.BinaryValue = BinaryValue
  return attribute
}

const answer = ({ id, md5OfBody, md5OfAttributes: md5 }: NewMessage) => ({
  MessageId: id,
  MD5OfMessageBody: md5OfBody,
  ...(md5 === '' ? {} : { MD5OfMessageAttributes: md5 }),
})

export const sqsSendActions: Record<string, Action> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
}
