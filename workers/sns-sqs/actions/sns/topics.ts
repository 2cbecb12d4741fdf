import { AwsError } from '../../protocol/aws-error.ts'
import { members, optionalText, text, textMap } from '../../protocol/sns-fields.ts'
import { XmlMap } from '../../protocol/xml.ts'
import { accountId, isTopicName, topicArn } from '../../semantics/names.ts'
import { refuseFifo } from '../../semantics/queue-attributes.ts'
import { page, type SnsAction, topicIn } from './sns-action.ts'

/** Kept and shown. What they would do (display names, delivery policies, encryption) has no counterpart here. */
const topicAttributes = new Set([
  'DisplayName',
  'Policy',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
])

function checkTopicAttributes(attributes: Record<string, string>): void {
  for (const name of Object.keys(attributes)) {
    if (name === 'FifoTopic' && attributes[name] === 'false') continue
    if (name === 'FifoTopic' || name === 'ContentBasedDeduplication') refuseFifo(name)
    if (!topicAttributes.has(name)) throw new AwsError('InvalidParameter', `Invalid parameter: AttributeName ${name}`)
  }
}

const createTopic: SnsAction = async (input, { store }, { region }) => {
  const name = text(input, 'Name')
  if (name.endsWith('.fifo')) refuseFifo(name)
  if (!isTopicName(name)) throw new AwsError('InvalidParameter', 'Invalid parameter: Topic Name')
  const attributes = textMap(input, 'Attributes')
  checkTopicAttributes(attributes)
  const tags = Object.fromEntries(
    members(input, 'Tags').map((tag) => [text(tag, 'Key'), optionalText(tag, 'Value') ?? '']),
  )
  const arn = topicArn(region, name)
  await store.declare(({ topics }) => {
    const known = topics.get(arn)
    if (known === undefined) return { changes: [{ put: 'topic', topic: { arn, attributes, tags } }], result: undefined }
    const different = Object.keys(attributes).find((one) => known.attributes[one] !== attributes[one])
    if (different === undefined) return { changes: [], result: undefined }
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: Attributes Reason: Topic already exists with different attributes, ${different} is one`,
    )
  })
  return { TopicArn: arn }
}

const deleteTopic: SnsAction = async (input, { store }) => {
  const arn = text(input, 'TopicArn')
  await store.declare(({ topics }) => ({
    changes: topics.has(arn) ? [{ remove: 'topic', arn }] : [],
    result: undefined,
  }))
  return {}
}

const listTopics: SnsAction = async (input, { store }) => {
  const { topics } = await store.declarations()
  const { items, next } = page([...topics.keys()], (arn) => arn, optionalText(input, 'NextToken'))
  return { Topics: items.map((TopicArn) => ({ TopicArn })), NextToken: next }
}

const getTopicAttributes: SnsAction = async (input, { store }) => {
  const declared = await store.declarations()
  const topic = topicIn(declared, text(input, 'TopicArn'))
  const attributes = {
    TopicArn: topic.arn,
    Owner: accountId,
    DisplayName: '',
    SubscriptionsConfirmed: String(declared.subscriptionsOf(topic.arn).length),
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
    ...topic.attributes,
  }
  return { Attributes: new XmlMap(attributes) }
}

const setTopicAttributes: SnsAction = async (input, { store }) => {
  const name = text(input, 'AttributeName')
  const value = optionalText(input, 'AttributeValue') ?? ''
  checkTopicAttributes({ [name]: value })
  await store.declare((declared) => {
    const topic = topicIn(declared, text(input, 'TopicArn'))
    const changed = { ...topic, attributes: { ...topic.attributes, [name]: value } }
    return { changes: [{ put: 'topic', topic: changed }], result: undefined }
  })
  return {}
}

export const snsTopicActions: Record<string, SnsAction> = {
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  ListTopics: listTopics,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
}
