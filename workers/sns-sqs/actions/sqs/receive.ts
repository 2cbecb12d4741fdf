import { hash } from 'node:crypto'
import { withDeliveryFaults } from '../../faults/message-faults.ts'
import { AwsError } from '../../protocol/aws-error.ts'
import { optionalInteger, optionalText, texts } from '../../protocol/fields.ts'
import type { OutgoingMessage } from '../../protocol/outgoing-message.ts'
import { sequenceNumber } from '../../semantics/fifo.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import {
  asksForAll,
  digestAttributes,
  type MessageAttributes,
  pickAttributes,
} from '../../semantics/message-attributes.ts'
import type { ReceivedMessage, StoredMessage } from '../../stores/queue-store.ts'
import { type Action, queueOf } from '../action.ts'
import { receiveWithAttempt } from './attempts.ts'

const systemAttributes: Record<string, (received: ReceivedMessage) => string> = {
  SenderId: () => 'AIDAFAULTLINELOCALUSER',
  SentTimestamp: ({ message }) => String(message.sentAt),
  /** Across all queues, so a dead letter goes on counting. */
  ApproximateReceiveCount: ({ receiveCount, receivedElsewhere }) => String(receiveCount + receivedElsewhere),
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAt }) => String(firstReceivedAt),
  AWSTraceHeader: ({ message }) => message.traceHeader,
  DeadLetterQueueSourceArn: ({ deadLetterSource }) => deadLetterSource,
  MessageGroupId: ({ message }) => message.groupId,
  MessageDeduplicationId: ({ message }) => message.deduplicationId,
  SequenceNumber: ({ message, key }) => (message.deduplicationId === '' ? '' : sequenceNumber(key)),
}
const systemAttributeNames = Object.keys(systemAttributes)

const receiveMessage: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const max = optionalInteger(input, 'MaxNumberOfMessages', 1, sqsLimits.receiveMessages) ?? 1
  const visibility = optionalInteger(input, 'VisibilityTimeout', 0, sqsLimits.visibilityTimeoutSeconds)
  const wait = optionalInteger(input, 'WaitTimeSeconds', 0, sqsLimits.waitSeconds)
  const wanted = texts(input, 'MessageAttributeNames')
  const system = [...texts(input, 'MessageSystemAttributeNames'), ...texts(input, 'AttributeNames')]
  const names = system.length === 0 ? system : system.includes('All') ? systemAttributeNames : system
  for (const name of names) {
    if (!Object.hasOwn(systemAttributes, name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
  }
  services.fifoThroughput?.count(queue, 'ReceiveMessage')
  const options = visibility === undefined ? { max } : { max, visibilityTimeoutMs: visibility * 1000 }
  const waitMs = wait === undefined ? queue.settings.receiveWaitMs : wait * 1000
  const attempt = queue.settings.fifo === undefined ? undefined : optionalText(input, 'ReceiveRequestAttemptId')
  const messages =
    attempt === undefined
      ? await services.longPoll.receive(queue.name, options, waitMs, call.client)
      : await receiveWithAttempt(queue, attempt, options, waitMs, services, call)
  if (messages.length === 0) return {}
  const { name, arn } = queue
  const fifo = queue.settings.fifo !== undefined
  const shown = services.faults.none ? messages : await withDeliveryFaults({ name, arn, fifo }, messages, services)
  return { Messages: shown.map((received) => outgoing(received, wanted, names)) }
}

function outgoing(received: ReceivedMessage, wanted: string[], systemNames: string[]): OutgoingMessage {
  const { message, receipt } = received
  message.md5OfBody ||= hash('md5', message.body)
  return {
    messageId: message.id,
    receiptHandle: receipt,
    body: message.body,
    plain: message.plain,
    md5OfBody: message.md5OfBody,
    systemAttributes: systemAttributesOf(received, systemNames),
    ...attributesFor(message, wanted),
  }
}

function systemAttributesOf(received: ReceivedMessage, names: string[]): Record<string, string> | undefined {
  let shown: Record<string, string> | undefined
  for (const name of names) {
    const value = systemAttributes[name]?.(received) ?? ''
    if (value === '') continue
    shown ??= {}
    shown[name] = value
  }
  return shown
}

const none = { attributes: '', md5OfAttributes: '' }

/** The MD5 covers the attributes that are returned, and there is none if none is. */
function attributesFor(message: StoredMessage, wanted: string[]): { attributes: string; md5OfAttributes: string } {
  if (message.attributes === '' || wanted.length === 0) return none
  if (asksForAll(wanted)) {
    if (message.md5OfAttributes === '') message.md5OfAttributes = digestAttributes(parse(message)).md5
    return message
  }
  const picked = pickAttributes(parse(message), wanted)
  if (picked === undefined) return none
  return { attributes: JSON.stringify(picked), md5OfAttributes: digestAttributes(picked).md5 }
}

const parse = (message: StoredMessage): MessageAttributes => JSON.parse(message.attributes) as MessageAttributes

export const sqsReceiveActions: Record<string, Action> = { ReceiveMessage: receiveMessage }
