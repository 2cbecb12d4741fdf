import { AwsError } from '../../protocol/aws-error.ts'
import { optionalText, text, textMap } from '../../protocol/sns-fields.ts'
import { XmlMap } from '../../protocol/xml.ts'
import { accountId, queueNameOfArn } from '../../semantics/names.ts'
import { checkSubscriptionAttributes } from '../../semantics/subscription-attributes.ts'
import type { SubscriptionDefinition } from '../../stores/queue-store.ts'
import { page, type SnsAction, subscriptionIn, topicIn } from './sns-action.ts'

const subscribe: SnsAction = async (input, { store, newId }) => {
  const topicArn = text(input, 'TopicArn')
  const protocol = text(input, 'Protocol')
  if (protocol !== 'sqs') {
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: Protocol Reason: ${protocol} is not supported by this simulator, sqs is`,
    )
  }
  const endpoint = text(input, 'Endpoint')
  const queue = queueNameOfArn(endpoint)
  if (queue === undefined) throw new AwsError('InvalidParameter', 'Invalid parameter: SQS endpoint ARN')
  const attributes = textMap(input, 'Attributes')
  checkSubscriptionAttributes(attributes)
  const arn = await store.declare((declared) => {
    topicIn(declared, topicArn)
    const known = declared.subscriptionsOf(topicArn).find((one) => one.endpoint === endpoint)
    if (known !== undefined) {
      refuseDifference(known, attributes)
      return { changes: [], result: known.arn }
    }
    const made: SubscriptionDefinition = {
      arn: `${topicArn}:${newId()}`,
      topicArn,
      protocol,
      endpoint,
      queue,
      attributes,
    }
    return { changes: [{ put: 'subscription', subscription: made }], result: made.arn }
  })
  return { SubscriptionArn: arn }
}

/** Subscribing again answers the same ARN, as long as the attributes named are those that it has. */
function refuseDifference(known: SubscriptionDefinition, attributes: Record<string, string>): void {
  const shown = shownAttributes(known)
  const name = Object.keys(attributes).find((one) => (shown[one] ?? '') !== attributes[one])
  if (name === undefined) return
  throw new AwsError(
    'InvalidParameter',
    `Invalid parameter: Attributes Reason: Subscription already exists with different attributes, ${name} is one`,
  )
}

const unsubscribe: SnsAction = async (input, { store }) => {
  const arn = text(input, 'SubscriptionArn')
  await store.declare(({ subscriptions }) => ({
    changes: subscriptions.has(arn) ? [{ remove: 'subscription', arn }] : [],
    result: undefined,
  }))
  return {}
}

const listed = ({ arn, protocol, endpoint, topicArn }: SubscriptionDefinition) => ({
  SubscriptionArn: arn,
  Owner: accountId,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topicArn,
})

function listPage(subscriptions: Iterable<SubscriptionDefinition>, token: string | undefined) {
  const { items, next } = page([...subscriptions], ({ arn }) => arn, token)
  return { Subscriptions: items.map(listed), NextToken: next }
}

const listSubscriptions: SnsAction = async (input, { store }) =>
  listPage((await store.declarations()).subscriptions.values(), optionalText(input, 'NextToken'))

const listSubscriptionsByTopic: SnsAction = async (input, { store }) => {
  const declared = await store.declarations()
  const topic = topicIn(declared, text(input, 'TopicArn'))
  return listPage(declared.subscriptionsOf(topic.arn), optionalText(input, 'NextToken'))
}

function shownAttributes(subscription: SubscriptionDefinition): Record<string, string> {
  const { FilterPolicy: policy } = subscription.attributes
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: accountId,
    ConfirmationWasAuthenticated: 'true',
    PendingConfirmation: 'false',
    RawMessageDelivery: 'false',
    ...(policy === undefined ? {} : { FilterPolicyScope: 'MessageAttributes' }),
    ...subscription.attributes,
  }
}

const getSubscriptionAttributes: SnsAction = async (input, { store }) => ({
  Attributes: new XmlMap(shownAttributes(subscriptionIn(await store.declarations(), input))),
})

const setSubscriptionAttributes: SnsAction = async (input, { store }) => {
  const name = text(input, 'AttributeName')
  const value = optionalText(input, 'AttributeValue') ?? ''
  await store.declare((declared) => {
    const subscription = subscriptionIn(declared, input)
    const { [name]: _before, ...others } = subscription.attributes
    // An empty policy takes the filter away.
    const attributes = name === 'FilterPolicy' && value === '' ? others : { ...others, [name]: value }
    checkSubscriptionAttributes(attributes)
    return { changes: [{ put: 'subscription', subscription: { ...subscription, attributes } }], result: undefined }
  })
  return {}
}

export const snsSubscriptionActions: Record<string, SnsAction> = {
  Subscribe: subscribe,
  Unsubscribe: unsubscribe,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
}
