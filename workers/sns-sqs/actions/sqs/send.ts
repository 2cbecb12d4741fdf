import { hash } from 'node:crypto'
import { withLegFaults } from '../../faults/message-faults.ts'
import { AwsError } from '../../protocol/aws-error.ts'
import { type Input, optionalInteger, optionalText, records, text } from '../../protocol/fields.ts'
import { checkBatchIds, type FailedEntry, failedEntry } from '../../semantics/batch-entries.ts'
import { fifoIdsOf, sequenceNumber } from '../../semantics/fifo.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import {
  checkAttributes,
  digestAttributes,
  type MessageAttribute,
  type MessageAttributes,
} from '../../semantics/message-attributes.ts'
import { checkMessageText } from '../../semantics/message-text.ts'
import type { AcceptOutcome, NewMessage, QueueDefinition } from '../../stores/queue-store.ts'
import { type Action, type ActionServices, type Call, queueOf } from '../action.ts'

interface Outgoing {
  message: NewMessage
  /** Body and attributes, as the limits count them. */
  bytes: number
}

const sendMessage: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  services.fifoThroughput?.count(queue, 'SendMessage', [input.MessageGroupId])
  const { message } = outgoing(input, queue, services, call, false)
  const [outcome] = await accept([message], services)
  return answer(message, outcome, input)
}

const sendMessageBatch: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const entries = records(input, 'Entries')
  const ids = entries.map((entry) => text(entry, 'Id'))
  checkBatchIds('SendMessageBatch', ids)
  const groups = entries.map(({ MessageGroupId }) => MessageGroupId)
  services.fifoThroughput?.count(queue, 'SendMessageBatch', groups)
  if (queue.settings.fifo !== undefined) refuseUngrouped(entries, queue)
  const good: { id: string; message: NewMessage; entry: Input }[] = []
  const failed: FailedEntry[] = []
  let bytes = 0
  entries.forEach((entry, index) => {
    const id = ids[index] ?? ''
    try {
      const one = outgoing(entry, queue, services, call, true)
      bytes += one.bytes
      good.push({ id, message: one.message, entry })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      bytes += error instanceof MessageTooLong ? error.bytes : 0
      failed.push(failedEntry(id, error))
    }
  })
  if (bytes > sqsLimits.messageBytes) {
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${sqsLimits.messageBytes} bytes. You have sent ${bytes} bytes.`,
    )
  }
  const outcomes =
    good.length === 0
      ? []
      : await accept(
          good.map(({ message }) => message),
          services,
        )
  const successful = good.map(({ id, message, entry }, index) => ({
    Id: id,
    ...answer(message, outcomes[index], entry),
  }))
  return failed.length === 0 ? { Successful: successful } : { Successful: successful, Failed: failed }
}

const accept = (messages: NewMessage[], services: ActionServices): Promise<AcceptOutcome[]> =>
  services.store.accept(services.faults.none ? messages : withLegFaults(messages, services))

/** A message beyond what its queue takes. AWS says it in other words of an entry of a batch. */
class MessageTooLong extends AwsError {
  readonly bytes: number
  constructor(bytes: number, most: number, inBatch: boolean) {
    const what = inBatch ? 'cannot be validated' : 'are invalid'
    super(
      'InvalidParameterValue',
      `One or more parameters ${what}. Reason: Message must be shorter than ${most} bytes.`,
    )
    this.bytes = bytes
  }
}

const noAttributes = { md5: '', bytes: 0 }

/** What a whole batch to a FIFO queue is refused for, as AWS does; everything else fails its entry only. */
function refuseUngrouped(entries: Input[], queue: QueueDefinition): void {
  const byContent = queue.attributes.ContentBasedDeduplication === 'true'
  for (const entry of entries) {
    if (optionalText(entry, 'MessageGroupId') === undefined) {
      throw new AwsError('InvalidParameterValue', 'The request must contain the parameter MessageGroupId.')
    }
    if (!byContent && optionalText(entry, 'MessageDeduplicationId') === undefined) {
      throw new AwsError(
        'InvalidParameterValue',
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      )
    }
  }
}

function outgoing(
  input: Input,
  queue: QueueDefinition,
  services: ActionServices,
  { trace, plain }: Call,
  inBatch: boolean,
): Outgoing {
  const body = text(input, 'MessageBody')
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.')
  if (!plain) checkMessageText(body)
  const attributes = attributesOf(input, 'MessageAttributes')
  if (attributes !== undefined) checkAttributes(attributes, 'InvalidParameterValue', sqsLimits.messageAttributes)
  const digest = attributes === undefined ? noAttributes : digestAttributes(attributes)
  const bytes = (plain ? body.length : Buffer.byteLength(body)) + digest.bytes
  const most = queue.settings.maximumMessageBytes
  if (bytes > most) {
    throw new MessageTooLong(bytes, most, inBatch)
  }
  const delay = optionalInteger(input, 'DelaySeconds', 0, sqsLimits.delaySeconds)
  const { groupId, deduplicationId } = idsOf(input, queue, delay, body)
  const own = delay !== undefined && queue.settings.fifo === undefined
  const leg = own ? { queue: queue.name, delayMs: delay * 1000 } : { queue: queue.name }
  const message: NewMessage = {
    id: services.newId(),
    body,
    attributes: attributes === undefined ? '' : JSON.stringify(attributes),
    md5OfBody: hash('md5', body),
    md5OfAttributes: digest.md5,
    traceHeader: traceHeaderOf(input) || trace,
    groupId,
    deduplicationId,
    legs: [leg],
    plain,
  }
  return { message, bytes }
}

const noIds = { groupId: '', deduplicationId: '' }

function idsOf(input: Input, queue: QueueDefinition, delay: number | undefined, body: string) {
  const fifo = queue.settings.fifo !== undefined
  if (!fifo && input.MessageGroupId === undefined && input.MessageDeduplicationId === undefined) return noIds
  const groupId = optionalText(input, 'MessageGroupId')
  const deduplicationId = optionalText(input, 'MessageDeduplicationId')
  const byContent = queue.attributes.ContentBasedDeduplication === 'true'
  return fifoIdsOf({ fifo, byContent }, { groupId, deduplicationId, delay }, body)
}

/** The one system attribute that a sender may set. */
function traceHeaderOf(input: Input): string {
  const attributes = attributesOf(input, 'MessageSystemAttributes')
  if (attributes === undefined) return ''
  for (const [name, { DataType }] of Object.entries(attributes)) {
    if (name !== 'AWSTraceHeader') {
      throw new AwsError('InvalidParameterValue', `Message system attribute name '${name.slice(0, 100)}' is invalid.`)
    }
    if (DataType !== 'String') {
      throw new AwsError('InvalidParameterValue', 'Message system attribute AWSTraceHeader must be of type String.')
    }
  }
  checkAttributes(attributes, 'InvalidParameterValue')
  return attributes.AWSTraceHeader?.StringValue ?? ''
}

/** The attributes of a message in their plain form; undefined if there are none. */
function attributesOf(input: Input, name: string): MessageAttributes | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  // `__proto__` is a name as any other.
  const attributes: MessageAttributes = Object.create(null)
  let some = false
  const given = Object(value) as Record<string, unknown>
  for (const key of Object.keys(given)) {
    attributes[key] = attributeOf(key, given[key])
    some = true
  }
  return some ? attributes : undefined
}

function attributeOf(name: string, raw: unknown): MessageAttribute {
  const { DataType, StringValue, BinaryValue, StringListValues, BinaryListValues } = Object(raw) as Record<
    string,
    unknown
  >
  if (isList(StringListValues) || isList(BinaryListValues)) {
    throw new AwsError(
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
    )
  }
  if (typeof DataType !== 'string') {
    throw new AwsError('InvalidParameterValue', `The message attribute '${name}' must contain a DataType.`)
  }
  const attribute: MessageAttribute = { DataType }
  if (typeof StringValue === 'string') attribute.StringValue = StringValue
  if (typeof BinaryValue === 'string') attribute.BinaryValue = BinaryValue
  return attribute
}

const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0

const answer = (message: NewMessage, outcome: AcceptOutcome | undefined, given: Input) => ({
  MessageId: outcome?.id ?? message.id,
  MD5OfMessageBody: message.md5OfBody,
  ...(message.md5OfAttributes === '' ? {} : { MD5OfMessageAttributes: message.md5OfAttributes }),
  ...(message.deduplicationId === '' || outcome === undefined ? {} : { SequenceNumber: sequenceNumber(outcome.seq) }),
  ...(given.MessageSystemAttributes === undefined ? {} : systemMd5(message)),
})

const systemMd5 = ({ traceHeader }: NewMessage) =>
  traceHeader === ''
    ? {}
    : {
        MD5OfMessageSystemAttributes: digestAttributes({
          AWSTraceHeader: { DataType: 'String', StringValue: traceHeader },
        }).md5,
      }

export const sqsSendActions: Record<string, Action> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
}
