import { AwsError } from '../../protocol/aws-error.ts'
import { members, optionalText, text, textList, textMap } from '../../protocol/sns-fields.ts'
import { XmlMap } from '../../protocol/xml.ts'
import { archiveDays } from '../../semantics/archive-policy.ts'
import { effectiveDeliveryPolicy, topicDeliveryPolicy } from '../../semantics/delivery-policy.ts'
import { isFifoName, isTopicName, nameOfArn, parseArn, topicArn } from '../../semantics/names.ts'
import { withoutPermission, withPermission } from '../../semantics/permissions.ts'
import { checkTags } from '../../semantics/tags.ts'
import { checkTopicAttributes, defaultTopicPolicy } from '../../semantics/topic-attributes.ts'
import type { TopicDefinition } from '../../stores/queue-store.ts'
import type { ActionServices } from '../action.ts'
import { archiveChanges, beginningOf } from './archive.ts'
import { arnIn, checkArn, invalidParameter, isOfCall, type SnsAction, snsPage, topicIn } from './sns-action.ts'

const createTopic: SnsAction = async (input, { store, clock }, { region, account }) => {
  const name = input.Name === '' ? '' : text(input, 'Name')
  const attributes = inSmallLetters(textMap(input, 'Attributes'))
  checkName(name, attributes.FifoTopic === 'true')
  checkTopicAttributes(attributes, name, true)
  if (input.DataProtectionPolicy !== undefined && input.DataProtectionPolicy !== '') throw noDataProtection()
  const tags = tagsIn(members(input, 'Tags'))
  const arn = topicArn(region, account, name)
  await store.declare((declared) => {
    const known = declared.topics.get(arn)
    if (known === undefined) {
      const topic = { arn, attributes, tags }
      return { changes: [{ put: 'topic', topic }, ...archiveChanges(declared, topic, clock.now())], result: undefined }
    }
    const before: Record<string, string> = { ...presets, ...known.attributes }
    if (Object.keys(attributes).some((one) => before[one] !== attributes[one])) {
      throw invalidParameter('Attributes Reason: Topic already exists with different attributes')
    }
    if (Object.keys(tags).some((key) => known.tags[key] !== tags[key])) {
      throw invalidParameter('Tags Reason: Topic already exists with different tags')
    }
    return { changes: [], result: undefined }
  })
  return { TopicArn: arn }
}

/** Booleans come in letters of any size and are kept in small ones. */
const inSmallLetters = (attributes: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, booleans.has(name) ? value.toLowerCase() : value]),
  )
const booleans = new Set(['FifoTopic', 'ContentBasedDeduplication'])

const presets = { FifoTopic: 'false', ContentBasedDeduplication: 'false', DisplayName: '' }

const noDataProtection = (): AwsError =>
  invalidParameter('DataProtectionPolicy Reason: data protection policies are not supported by this simulator')

function checkName(name: string, fifo: boolean): void {
  if (fifo && !(isFifoName(name) && isTopicName(name))) {
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    )
  }
  if (!fifo && (isFifoName(name) || !isTopicName(name))) throw invalidParameter('Topic Name')
}

function tagsIn(nodes: ReturnType<typeof members>): Record<string, string> {
  const pairs = nodes.map((tag): [string, string] => [text(tag, 'Key'), optionalText(tag, 'Value') ?? ''])
  const tags = Object.fromEntries(pairs)
  if (Object.keys(tags).length < pairs.length) throw invalidParameter('Duplicated keys are not allowed.')
  checkTags(tags, 'SNS')
  return tags
}

const deleteTopic: SnsAction = async (input, { store }) => {
  const arn = arnIn(input, 'TopicArn')
  checkArn('TopicArn', arn)
  await store.declare(({ topics }) => {
    if (archiveDays(topics.get(arn)?.attributes.ArchivePolicy) !== undefined) {
      throw new AwsError('InvalidState', 'Cannot delete a topic with an ArchivePolicy')
    }
    return { changes: topics.has(arn) ? [{ remove: 'topic', arn }] : [], result: undefined }
  })
  return {}
}

const listTopics: SnsAction = async (input, { store }, call) => {
  const { topics } = await store.declarations()
  const here = [...topics.keys()].filter((arn) => isOfCall(arn, call))
  const { items, next } = snsPage(here, (arn) => arn, optionalText(input, 'NextToken'))
  return { Topics: items.map((TopicArn) => ({ TopicArn })), NextToken: next }
}

const getTopicAttributes: SnsAction = async (input, { store, clock }) => {
  const declared = await store.declarations()
  const { arn, attributes: own } = topicIn(declared, arnIn(input, 'TopicArn'))
  const account = parseArn(arn)?.account ?? ''
  const subscriptions = declared.subscriptionsOf(arn)
  const pending = subscriptions.filter(({ pendingToken }) => pendingToken !== undefined).length
  const { FifoTopic, ...others } = own
  const fifo = FifoTopic === 'true'
  const beginning = beginningOf(declared, arn, clock.now())
  const shown = Object.entries(others).filter(([, value]) => value !== '')
  return {
    Attributes: new XmlMap({
      Policy: defaultTopicPolicy(arn, account),
      Owner: account,
      SubscriptionsPending: String(pending),
      TopicArn: arn,
      EffectiveDeliveryPolicy: effectiveDeliveryPolicy(own.DeliveryPolicy),
      SubscriptionsConfirmed: String(subscriptions.length - pending),
      DisplayName: '',
      SubscriptionsDeleted: '0',
      ...(fifo ? { FifoTopic: 'true', ContentBasedDeduplication: 'false' } : {}),
      ...(beginning === undefined ? {} : { BeginningArchiveTime: beginning }),
      ...Object.fromEntries(shown),
      ...(own.DeliveryPolicy ? { DeliveryPolicy: topicDeliveryPolicy(own.DeliveryPolicy) } : {}),
    }),
  }
}

const change = ({ store, clock }: ActionServices, arn: string, changed: (topic: TopicDefinition) => TopicDefinition) =>
  store.declare((declared) => {
    const topic = changed(topicIn(declared, arn))
    return { changes: [{ put: 'topic', topic }, ...archiveChanges(declared, topic, clock.now())], result: undefined }
  })

const setTopicAttributes: SnsAction = async (input, services) => {
  const arn = arnIn(input, 'TopicArn')
  const name = text(input, 'AttributeName')
  const given = optionalText(input, 'AttributeValue') ?? ''
  const { [name]: value = '' } = inSmallLetters({ [name]: given })
  await change(services, arn, (topic) => {
    checkTopicAttributes({ [name]: value }, nameOfArn(arn), false)
    return { ...topic, attributes: { ...topic.attributes, [name]: value } }
  })
  return {}
}

/** Tags of what is not there are a `ResourceNotFound`, unlike everything else. */
const resourceArn = async (input: Parameters<SnsAction>[0], { store }: ActionServices): Promise<string> => {
  const arn = arnIn(input, 'ResourceArn')
  checkArn('ResourceArn', arn)
  if ((await store.declarations()).topics.has(arn)) return arn
  throw new AwsError('ResourceNotFound', 'Resource does not exist')
}

const tagResource: SnsAction = async (input, services) => {
  const arn = await resourceArn(input, services)
  const added = tagsIn(members(input, 'Tags'))
  await change(services, arn, (topic) => {
    const tags = { ...topic.tags, ...added }
    checkTags(tags, 'SNS')
    return { ...topic, tags }
  })
  return {}
}

const untagResource: SnsAction = async (input, services) => {
  const arn = await resourceArn(input, services)
  const keys = textList(input, 'TagKeys')
  await change(services, arn, (topic) => ({
    ...topic,
    tags: Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !keys.includes(key))),
  }))
  return {}
}

const listTagsForResource: SnsAction = async (input, services) => {
  const arn = await resourceArn(input, services)
  const { tags = {} } = (await services.store.declarations()).topics.get(arn) ?? {}
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

/** What a statement may allow on a topic; all of it as `*`. */
const grantable = new Set([
  '*',
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
  'Receive',
])

const addPermission: SnsAction = async (input, services) => {
  const arn = arnIn(input, 'TopicArn')
  const label = text(input, 'Label')
  const accounts = textList(input, 'AWSAccountId')
  const actions = textList(input, 'ActionName')
  if (accounts.length === 0) throw invalidParameter('AWSAccountId')
  if (actions.length === 0) throw invalidParameter('ActionName')
  if (actions.some((action) => !grantable.has(action)))
    throw invalidParameter('Policy statement action out of service scope!')
  await change(services, arn, (topic) => {
    const before = topic.attributes.Policy || defaultTopicPolicy(arn, parseArn(arn)?.account ?? '')
    const Policy = withPermission(before, { label, accounts, actions, resource: arn, service: 'SNS' })
    return { ...topic, attributes: { ...topic.attributes, Policy } }
  })
  return {}
}

const removePermission: SnsAction = async (input, services) => {
  const arn = arnIn(input, 'TopicArn')
  const label = text(input, 'Label')
  await change(services, arn, (topic) => {
    const before = topic.attributes.Policy || defaultTopicPolicy(arn, parseArn(arn)?.account ?? '')
    return { ...topic, attributes: { ...topic.attributes, Policy: withoutPermission(before, label, arn, 'SNS') } }
  })
  return {}
}

const refuseDataProtection: SnsAction = async (input, { store }) => {
  const arn = arnIn(input, 'ResourceArn')
  checkArn('ResourceArn', arn)
  if (!(await store.declarations()).topics.has(arn)) throw new AwsError('NotFound', 'Topic does not exist')
  throw noDataProtection()
}

export const snsTopicActions: Record<string, SnsAction> = {
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  ListTopics: listTopics,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  AddPermission: addPermission,
  RemovePermission: removePermission,
  GetDataProtectionPolicy: refuseDataProtection,
  PutDataProtectionPolicy: refuseDataProtection,
}
