import { AwsError } from '../../protocol/aws-error.ts'
import { optionalText, text, textMap } from '../../protocol/sns-fields.ts'
import { XmlMap } from '../../protocol/xml.ts'
import { replayOf } from '../../semantics/archive-policy.ts'
import { effectiveSubscriptionPolicy, subscriptionDeliveryPolicy } from '../../semantics/delivery-policy.ts'
import { checkEndpoint, waitsForConfirmation } from '../../semantics/endpoints.ts'
import { snsLimits } from '../../semantics/limits.ts'
import { isFifoName, parseArn } from '../../semantics/names.ts'
import { checkSubscriptionAttributes } from '../../semantics/subscription-attributes.ts'
import { recordKey } from '../../stores/declarations.ts'
import type { Declarations, SubscriptionDefinition, TopicDefinition } from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'
import { replayArchive } from './archive.ts'
import { askForConfirmation, tellOfEnd } from './confirmation.ts'
import { endedWith, keepEnded, newToken } from './ended-subscriptions.ts'
import {
  arnIn,
  checkSubscriptionArn,
  invalidParameter,
  isOfCall,
  type SnsAction,
  snsPage,
  subscriptionIn,
  topicIn,
} from './sns-action.ts'

/** What a subscription became; `topic` if it is new. */
interface Subscribed {
  subscription: SubscriptionDefinition
  topic: TopicDefinition | undefined
}

const subscribe: SnsAction = async (input, services, call) => {
  const { store, newId, clock } = services
  const topicArn = arnIn(input, 'TopicArn')
  const protocol = text(input, 'Protocol')
  const endpoint = optionalText(input, 'Endpoint') ?? ''
  const attributes = normalized(textMap(input, 'Attributes'))
  const declared = await store.declarations()
  topicIn(declared, topicArn)
  checkEndpoint(protocol, endpoint, isFifoName(topicArn))
  if (protocol === 'application' && !declared.records.has(recordKey('platform-endpoint', endpoint))) {
    throw invalidParameter(`Endpoint Reason: Endpoint does not exist for endpoint arn${endpoint}`)
  }
  const kind = { protocol, endpoint, fifo: isFifoName(topicArn) }
  checkSubscriptionAttributes(attributes, attributes, kind, 'Attributes Reason: ')
  const { subscription, topic } = await store.declare<Subscribed>((current) => {
    const topic = topicIn(current, topicArn)
    const known = current
      .subscriptionsOf(topicArn)
      .find((one) => one.endpoint === endpoint && one.protocol === protocol)
    if (known !== undefined) {
      refuseDifference(known, attributes)
      return { changes: [], result: { subscription: known, topic: undefined } }
    }
    refuseManyFilters(current, topicArn, '', attributes)
    const made: SubscriptionDefinition = {
      arn: `${topicArn}:${newId()}`,
      topicArn,
      protocol,
      endpoint,
      queue: protocol === 'sqs' ? endpoint : '',
      attributes,
      createdAt: clock.now(),
      ...(waitsForConfirmation(protocol) ? { pendingToken: newToken() } : { authenticated: true }),
    }
    return { changes: [{ put: 'subscription', subscription: made }], result: { subscription: made, topic } }
  })
  if (topic !== undefined) await replayAsked(subscription, topic, services, call)
  if (subscription.pendingToken === undefined) return { SubscriptionArn: subscription.arn }
  await askForConfirmation(subscription, services, call)
  const asked = optionalText(input, 'ReturnSubscriptionArn') === 'true'
  return { SubscriptionArn: asked ? subscription.arn : 'pending confirmation' }
}

/** A topic has so many subscriptions with a filter; `arn` is that of the one which gets these attributes. */
function refuseManyFilters(
  declared: Declarations,
  topicArn: string,
  arn: string,
  attributes: Record<string, string>,
): void {
  const isFiltered = (given: Record<string, string>): boolean => !['', '{}'].includes(given.FilterPolicy ?? '')
  if (!isFiltered(attributes)) return
  const others = declared.subscriptionsOf(topicArn).filter((one) => one.arn !== arn && isFiltered(one.attributes))
  if (others.length < snsLimits.filterPoliciesOfTopic) return
  throw new AwsError('FilterPolicyLimitExceeded', 'Filter policy limit of the topic is exceeded')
}

/** Booleans are kept in small letters. */
function normalized(attributes: Record<string, string>): Record<string, string> {
  const { RawMessageDelivery: raw } = attributes
  return raw === undefined || !/^(true|false)$/i.test(raw)
    ? attributes
    : { ...attributes, RawMessageDelivery: raw.toLowerCase() }
}

/** Subscribing again answers the same ARN, as long as the attributes named are those that it has. */
function refuseDifference(known: SubscriptionDefinition, attributes: Record<string, string>): void {
  const shown = shownAttributes(known)
  if (Object.keys(attributes).every((one) => (shown[one] ?? '') === attributes[one])) return
  throw invalidParameter('Attributes Reason: Subscription already exists with different attributes')
}

const confirmSubscription: SnsAction = async (input, { store, clock }, call) => {
  const topicArn = arnIn(input, 'TopicArn')
  const token = text(input, 'Token')
  const authenticated = optionalText(input, 'AuthenticateOnUnsubscribe') === 'true'
  const arn = await store.declare((declared) => {
    if (!/^[0-9a-f]{64,}$/.test(token)) throw new AwsError('InvalidParameter', 'Invalid token')
    if (topicArn.split(':').length < 6) throw invalidParameter('Topic')
    // A confirmation is not signed, so the host says the region, where anything does.
    if (call.service !== '' && !isOfCall(topicArn, call)) throw invalidParameter('Topic')
    const ended = endedWith(declared, token, clock.now())
    const found = ended ?? holderOf(declared, token)
    topicIn(declared, found?.topicArn ?? topicArn)
    if (found === undefined) throw invalidParameter('Token')
    // AWS knows the region by the token; the name of the topic may be another.
    if (placeOf(found.topicArn) !== placeOf(topicArn)) throw invalidParameter('Topic')
    if (ended !== undefined) return { changes: [{ put: 'subscription', subscription: ended }], result: ended.arn }
    if (found.pendingToken === undefined) return { changes: [], result: found.arn }
    const { pendingToken: _token, ...rest } = found
    const confirmed = { ...rest, authenticated, attributes: { ...rest.attributes, [confirmedToken]: token } }
    return { changes: [{ put: 'subscription', subscription: confirmed }], result: found.arn }
  })
  return { SubscriptionArn: arn }
}

const holderOf = ({ subscriptions }: Declarations, token: string): SubscriptionDefinition | undefined =>
  [...subscriptions.values()].find(
    ({ pendingToken, attributes }) => pendingToken === token || attributes[confirmedToken] === token,
  )

/** Region and account of an ARN. */
const placeOf = (arn: string): string => arn.split(':').slice(3, 5).join(':')

/** Under this name the token stays, so that confirming twice is not an error. Never shown. */
const confirmedToken = '#token'

const unsubscribe: SnsAction = async (input, services, call) => {
  const arn = arnIn(input, 'SubscriptionArn')
  checkSubscriptionArn(arn)
  const token = newToken()
  const ended = await services.store.declare((declared) => {
    const found = declared.subscriptions.get(arn)
    if (found === undefined) return { changes: [], result: undefined }
    if (found.pendingToken !== undefined) {
      throw invalidParameter('SubscriptionArn Reason: This subscription is pending confirmation')
    }
    const isHttp = found.protocol === 'http' || found.protocol === 'https'
    const kept = isHttp ? keepEnded(declared, found, token, services.clock.now()) : []
    return { changes: [{ remove: 'subscription', arn }, ...kept], result: isHttp ? found : undefined }
  })
  if (ended === undefined) return {}
  try {
    await tellOfEnd(ended, token, services, call)
  } catch (error) {
    // It has ended all the same: to refuse now what is done would be wrong.
    services.log.warn(
      { err: error, subscription: arn },
      `${ended.endpoint} could not be notified that its subscription ended`,
    )
  }
  return {}
}

const listed = ({ arn, protocol, endpoint, topicArn, pendingToken }: SubscriptionDefinition) => ({
  SubscriptionArn: pendingToken === undefined ? arn : 'PendingConfirmation',
  Owner: parseArn(topicArn)?.account,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topicArn,
})

function listPage(subscriptions: Iterable<SubscriptionDefinition>, token: string | undefined) {
  const { items, next } = snsPage([...subscriptions], ({ arn }) => arn, token)
  return { Subscriptions: items.map(listed), NextToken: next }
}

const ofCall = ({ subscriptions }: Declarations, call: Call) =>
  [...subscriptions.values()].filter(({ topicArn }) => isOfCall(topicArn, call))

const listSubscriptions: SnsAction = async (input, { store }, call) =>
  listPage(ofCall(await store.declarations(), call), optionalText(input, 'NextToken'))

const listSubscriptionsByTopic: SnsAction = async (input, { store }) => {
  const declared = await store.declarations()
  const topic = topicIn(declared, arnIn(input, 'TopicArn'))
  return listPage(declared.subscriptionsOf(topic.arn), optionalText(input, 'NextToken'))
}

function shownAttributes(subscription: SubscriptionDefinition): Record<string, string> {
  const { arn, topicArn, protocol, endpoint, pendingToken, authenticated = true } = subscription
  const account = parseArn(topicArn)?.account ?? ''
  const { FilterPolicy: policy, FilterPolicyScope: scope, [confirmedToken]: _token, ...own } = subscription.attributes
  const filtered = policy !== undefined && policy !== '' && policy !== '{}'
  return {
    SubscriptionPrincipal: `arn:aws:iam::${account}:root`,
    Owner: account,
    RawMessageDelivery: 'false',
    TopicArn: topicArn,
    Endpoint: endpoint,
    Protocol: protocol,
    PendingConfirmation: String(pendingToken !== undefined),
    ConfirmationWasAuthenticated: String(pendingToken === undefined && authenticated),
    SubscriptionArn: arn,
    ...own,
    ...(replayOf(own.ReplayPolicy) === undefined ? {} : { ReplayStatus: 'Completed' }),
    ...(filtered ? { FilterPolicy: policy, FilterPolicyScope: scope ?? 'MessageAttributes' } : {}),
  }
}

const getSubscriptionAttributes: SnsAction = async (input, { store }) => {
  const declared = await store.declarations()
  const subscription = subscriptionIn(declared, input)
  const topic = declared.topics.get(subscription.topicArn)
  return { Attributes: new XmlMap({ ...shownAttributes(subscription), ...shownDelivery(subscription, topic) }) }
}

/** Of an HTTP endpoint: its own policy where it has one, and what holds after that of the topic. */
function shownDelivery({ protocol, attributes }: SubscriptionDefinition, topic: TopicDefinition | undefined) {
  if (protocol !== 'http' && protocol !== 'https') return {}
  const { DeliveryPolicy: own = '' } = attributes
  return {
    ...(own === '' ? {} : { DeliveryPolicy: subscriptionDeliveryPolicy(own) }),
    EffectiveDeliveryPolicy: effectiveSubscriptionPolicy(topic?.attributes.DeliveryPolicy, own),
  }
}

/** Once it has its attributes, a subscription is given what its ReplayPolicy asks for. */
async function replayAsked(
  subscription: SubscriptionDefinition,
  topic: TopicDefinition,
  services: ActionServices,
  call: Call,
): Promise<void> {
  const wanted = replayOf(subscription.attributes.ReplayPolicy)
  if (wanted !== undefined) await replayArchive(subscription, topic, wanted, services, call)
}

const setSubscriptionAttributes: SnsAction = async (input, services, call) => {
  const name = text(input, 'AttributeName')
  const given = normalized({ [name]: optionalText(input, 'AttributeValue') ?? '' })
  const value = given[name] ?? ''
  const { subscription, topic } = await services.store.declare((declared) => {
    const subscription = subscriptionIn(declared, input)
    const { [name]: _before, ...others } = subscription.attributes
    // An empty policy takes the filter away.
    const attributes = value === '' ? others : { ...others, [name]: value }
    const { protocol, endpoint, topicArn } = subscription
    checkSubscriptionAttributes(given, attributes, { protocol, endpoint, fifo: isFifoName(topicArn) }, '')
    refuseManyFilters(declared, topicArn, subscription.arn, attributes)
    const changed = { ...subscription, attributes }
    return {
      changes: [{ put: 'subscription', subscription: changed }],
      result: { subscription: changed, topic: topicIn(declared, topicArn) },
    }
  })
  if (name === 'ReplayPolicy') await replayAsked(subscription, topic, services, call)
  return {}
}

export const snsSubscriptionActions: Record<string, SnsAction> = {
  Subscribe: subscribe,
  ConfirmSubscription: confirmSubscription,
  Unsubscribe: unsubscribe,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
}
