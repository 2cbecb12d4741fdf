import type { AwsError } from './aws-error.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { Reply } from './reply.ts'
import { noSuchQueueText } from './sqs-query.ts'
import { XmlMap, type XmlValue } from './xml.ts'

/**
 * Answers of the Query protocol in JSON, for requests that ask for it: the same elements under the same names, an absent one as null,
 * maps of SQS as lists of pairs.
 */

const contentType = 'application/json'

/** Whether a request of the Query protocol wants JSON: by its `Accept` header, or by `ContentType=JSON` among its fields. */
export const wantsJson = (accept: string | undefined, field?: unknown): boolean =>
  field === 'JSON' || (accept !== undefined && /application\/json/i.test(accept))

/** What an answer of SQS may have, where a client looks for fields that are not always there. */
const fields: Record<string, string[]> = {
  ListQueues: ['NextToken', 'queueUrls'],
  ListDeadLetterSourceQueues: ['NextToken', 'queueUrls'],
  GetQueueAttributes: ['Attributes'],
  ListQueueTags: ['Tags'],
  ReceiveMessage: ['messages'],
  SendMessage: [
    ...['MD5OfMessageAttributes', 'MD5OfMessageBody', 'MD5OfMessageSystemAttributes', 'MessageId', 'SequenceNumber'],
  ],
  SendMessageBatch: ['Failed', 'Successful'],
  DeleteMessageBatch: ['Failed', 'Successful'],
  ChangeMessageVisibilityBatch: ['Failed', 'Successful'],
}

/** What the form's answers call differently than the JSON protocol. */
const names: Record<string, string> = { QueueUrls: 'queueUrls', Messages: 'messages' }

/** An answer of SQS. An action without output has no result. */
export function sqsQueryJson(action: string, output: Record<string, unknown>, requestId: string): Reply {
  const result: Record<string, unknown> = {}
  for (const name of fields[action] ?? []) result[name] = null
  for (const [name, value] of Object.entries(output)) result[names[name] ?? name] = fieldOf(name, value)
  return answer(action, Object.keys(result).length === 0 ? undefined : result, requestId)
}

/** An answer of SNS. */
export const snsQueryJson = (
  action: string,
  output: { [name: string]: XmlValue | undefined },
  requestId: string,
): Reply => answer(action, Object.keys(output).length === 0 ? undefined : plain(output), requestId)

/** A refusal of either service: `code` is what the service calls it in the Query protocol. */
export function queryJsonError(error: AwsError, code: string, requestId: string): Reply {
  const { fault, status } = error
  const message = code === error.queryCode && error.code === 'QueueDoesNotExist' ? noSuchQueueText : error.message
  const text = JSON.stringify({ Error: { Code: code, Message: message, Type: fault }, RequestId: requestId })
  return { status, contentType, text, requestId }
}

function answer(action: string, result: unknown, requestId: string): Reply {
  const inside = {
    ...(result === undefined ? {} : { [`${action}Result`]: result }),
    ResponseMetadata: { RequestId: requestId },
  }
  return { status: 200, contentType, text: JSON.stringify({ [`${action}Response`]: inside }), requestId }
}

function fieldOf(name: string, value: unknown): unknown {
  if (value === undefined) return null
  if (name === 'Messages') return (value as OutgoingMessage[]).map(messageOf)
  if (name === 'Attributes') return pairs('Name', value as Record<string, string>)
  if (name === 'Tags') return pairs('Key', value as Record<string, string>)
  return value
}

const pairs = (key: string, map: Record<string, unknown>): Record<string, unknown>[] =>
  Object.entries(map).map(([name, Value]) => ({ [key]: name, Value }))

function messageOf(message: OutgoingMessage): Record<string, unknown> {
  const { attributes, systemAttributes } = message
  return {
    Attributes: systemAttributes === undefined ? null : pairs('Name', systemAttributes),
    Body: message.body,
    MD5OfBody: message.md5OfBody,
    MD5OfMessageAttributes: attributes === '' ? null : message.md5OfAttributes,
    MessageAttributes: attributes === '' ? null : pairs('Name', JSON.parse(attributes)),
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
  }
}

function plain(value: XmlValue | undefined): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof XmlMap) return value.entries
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
}
