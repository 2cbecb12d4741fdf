import { AwsError } from '../../protocol/aws-error.ts'
import type { FormNode } from '../../protocol/form.ts'
import { entries, members, optionalText, structure, text } from '../../protocol/sns-fields.ts'
import { checkBatchIds, type FailedEntry, failedEntry } from '../../semantics/batch-entries.ts'
import { notificationEnvelope } from '../../semantics/envelope.ts'
import { snsLimits } from '../../semantics/limits.ts'
import {
  checkAttributes,
  digestAttributes,
  type MessageAttribute,
  type MessageAttributes,
} from '../../semantics/message-attributes.ts'
import { checkMessageText } from '../../semantics/message-text.ts'
import { filterOf, isRaw } from '../../semantics/subscription-attributes.ts'
import {
  type Declarations,
  DeclarationsChanged,
  type NewMessage,
  type SubscriptionDefinition,
} from '../../stores/queue-store.ts'
import type { Call, Services } from '../action.ts'
import { type SnsAction, topicIn } from './sns-action.ts'

interface Publication {
  messageId: string
  message: string
  subject: string | undefined
  attributes: MessageAttributes
  md5OfAttributes: string
  bytes: number
}

const invalid = (reason: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

const publish: SnsAction = async (input, services, call) => {
  if (input.PhoneNumber !== undefined)
    throw invalid('PhoneNumber Reason: text messages are not supported by this simulator')
  const arn = await topicArnIn(services, optionalText(input, 'TopicArn') ?? text(input, 'TargetArn'))
  const publication = publicationOf(input, services.newId())
  refuseTooLong(publication.bytes)
  await acceptAll([publication], arn, services, call)
  return { MessageId: publication.messageId }
}

const publishBatch: SnsAction = async (input, services, call) => {
  const arn = await topicArnIn(services, text(input, 'TopicArn'))
  const requests = members(input, 'PublishBatchRequestEntries')
  const ids = requests.map((entry) => text(entry, 'Id'))
  checkBatchIds(ids)
  const good: { id: string; publication: Publication }[] = []
  const failed: FailedEntry[] = []
  let bytes = 0
  requests.forEach((entry, index) => {
    const id = ids[index] ?? ''
    try {
      const publication = publicationOf(entry, services.newId())
      bytes += publication.bytes
      good.push({ id, publication })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      failed.push(failedEntry(id, error))
    }
  })
  if (bytes > snsLimits.messageBytes) {
    throw new AwsError('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.')
  }
  const publications = good.map(({ publication }) => publication)
  await acceptAll(publications, arn, services, call)
  return {
    Successful: good.map(({ id, publication }) => ({ Id: id, MessageId: publication.messageId })),
    Failed: failed.map((entry) => ({ ...entry })),
  }
}

/** A topic that this process does not know yet may have been declared by another. */
async function topicArnIn({ store }: Services, arn: string): Promise<string> {
  const known = await store.knownDeclarations()
  return topicIn(known.topics.has(arn) ? known : await store.declarations(), arn).arn
}

/** Times that a publication is fanned out anew because another process changed subscriptions at that moment. */
const attempts = 8

/** Fans out to the subscriptions that stand at the moment at which the store takes the messages. */
async function acceptAll(publications: Publication[], arn: string, services: Services, call: Call): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const declared = await services.store.knownDeclarations()
    try {
      await services.store.accept(fanOut(publications, topicIn(declared, arn).arn, declared, services, call), declared)
      return
    } catch (error) {
      if (!(error instanceof DeclarationsChanged) || attempt === attempts) throw error
    }
  }
}

function refuseTooLong(bytes: number): void {
  if (bytes > snsLimits.messageBytes) throw invalid('Message too long')
}

function publicationOf(node: FormNode, messageId: string): Publication {
  const given = text(node, 'Message')
  const structured = optionalText(node, 'MessageStructure')
  if (structured !== undefined && structured !== 'json') throw invalid('MessageStructure Reason: must be json')
  const message = structured === 'json' ? textForSqs(given) : given
  try {
    checkMessageText(message)
  } catch (error) {
    throw invalid(`Message Reason: ${error instanceof Error ? error.message : String(error)}`)
  }
  const subject = optionalText(node, 'Subject')
  if (subject !== undefined && (subject.length < 1 || subject.length > snsLimits.subjectCharacters)) {
    throw invalid(`Subject Reason: must have 1 to ${snsLimits.subjectCharacters} characters`)
  }
  const attributes = attributesOf(node)
  checkAttributes(attributes, 'InvalidParameterValue')
  const { md5, bytes } = digestAttributes(attributes)
  return { messageId, message, subject, attributes, md5OfAttributes: md5, bytes: Buffer.byteLength(given) + bytes }
}

/** `MessageStructure=json`: one text per protocol, `default` for those that are not named. */
function textForSqs(given: string): string {
  let texts: unknown
  try {
    texts = JSON.parse(given)
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse')
  }
  const { default: fallback, sqs } = Object(texts) as Record<string, unknown>
  if (typeof fallback !== 'string') throw invalid('Message Structure - No default entry in JSON message body')
  return typeof sqs === 'string' ? sqs : fallback
}

function attributesOf(node: FormNode): MessageAttributes {
  const attributes: MessageAttributes = {}
  for (const entry of entries(node, 'MessageAttributes')) {
    const value = structure(entry, 'Value')
    const StringValue = optionalText(value, 'StringValue')
    const BinaryValue = optionalText(value, 'BinaryValue')
    const attribute: MessageAttribute = { DataType: text(value, 'DataType') }
    if (StringValue !== undefined) attribute.StringValue = StringValue
    if (BinaryValue !== undefined) attribute.BinaryValue = BinaryValue
    attributes[text(entry, 'Name')] = attribute
  }
  return attributes
}

/**
 * The messages that publications become: one for all raw subscriptions together, since they get the same text, and one
 * for each other subscription, whose envelope names it. The store takes them all in one step.
 */
function fanOut(
  publications: Publication[],
  topicArn: string,
  declared: Declarations,
  services: Services,
  call: Call,
): NewMessage[] {
  const subscriptions = declared.subscriptionsOf(topicArn)
  const messages: NewMessage[] = []
  for (const publication of publications) {
    const raw: NewMessage['legs'] = []
    for (const subscription of subscriptions) {
      if (filterOf(subscription.attributes)?.(publication.attributes, publication.message) === false) continue
      if (!declared.queues.has(subscription.queue)) {
        services.log.warn(
          { subscription: subscription.arn },
          `${subscription.endpoint} does not exist: not delivered there`,
        )
      } else if (isRaw(subscription)) raw.push({ queue: subscription.queue })
      else messages.push(enveloped(publication, subscription, services, call))
    }
    if (raw.length > 0) messages.push(rawMessage(publication, raw))
  }
  return messages
}

function rawMessage(
  { messageId, message, attributes, md5OfAttributes }: Publication,
  legs: NewMessage['legs'],
): NewMessage {
  const some = Object.keys(attributes).length > 0
  return {
    id: messageId,
    body: message,
    attributes: some ? JSON.stringify(attributes) : '',
    md5OfBody: '',
    md5OfAttributes: some ? md5OfAttributes : '',
    traceHeader: '',
    groupId: '',
    deduplicationId: '',
    legs,
  }
}

function enveloped(
  { messageId, message, subject, attributes }: Publication,
  subscription: SubscriptionDefinition,
  { clock, newId }: Services,
  { host }: Call,
): NewMessage {
  const body = notificationEnvelope({
    messageId,
    topicArn: subscription.topicArn,
    subscriptionArn: subscription.arn,
    ...(subject === undefined ? {} : { subject }),
    message,
    attributes,
    at: clock(),
    host,
  })
  const legs = [{ queue: subscription.queue }]
  return {
    id: newId(),
    body,
    attributes: '',
    md5OfBody: '',
    md5OfAttributes: '',
    traceHeader: '',
    groupId: '',
    deduplicationId: '',
    legs,
  }
}

export const snsPublishActions: Record<string, SnsAction> = { Publish: publish, PublishBatch: publishBatch }
