import { withLegFaults } from '../../faults/message-faults.ts'
import { policyFor, retryDelays } from '../../semantics/delivery-policy.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import { isFifoName } from '../../semantics/names.ts'
import type { Publication } from '../../semantics/publication.ts'
import {
  type Notification,
  notificationEnvelope,
  type Signature,
  textToSign,
} from '../../semantics/signing/envelope.ts'
import { filterOf, isRaw, redriveTargetOf } from '../../semantics/subscription-attributes.ts'
import {
  type Declarations,
  DeclarationsChanged,
  type NewMessage,
  type SubscriptionDefinition,
  type TopicDefinition,
} from '../../stores/queue-store.ts'
import type { Call, Services } from '../action.ts'
import { deliveryHeaders } from './confirmation.ts'
import { lambdaEvent } from './lambda-event.ts'
import { onceOf, type Published, type Repeated, repeatedOf, tokenOf } from './repeated.ts'
import { topicIn } from './sns-action.ts'

/** A publication and a subscription that it passes. */
interface Match {
  published: Published
  subscription: SubscriptionDefinition
  text: string
}

/** Times that a publication is fanned out again because another process changed subscriptions at that moment. */
const attempts = 8

/**
 * Hands publications to the subscriptions that stand at this moment: to queues in one step, all or none, and after that to everything
 * else. What repeats an earlier publication of a FIFO topic goes nowhere.
 */
export async function deliver(
  published: Published[],
  topicArn: string,
  services: Services,
  call: Call,
): Promise<ReadonlyMap<Publication, Repeated>> {
  const at = services.clock.now()
  const signatures: SignatureBook = new Map()
  for (let attempt = 1; ; attempt++) {
    const declared = await services.store.knownDeclarations()
    const topic = topicIn(declared, topicArn)
    const matches = matchesOf(published, declared.subscriptionsOf(topicArn))
    if (!isFifoName(topicArn)) await signAll(matches, topic, at, signatures, services, call)
    const context: Context = { topic, at, signatures, services, call }
    const fate = queueMessages(matches, published, declared, context)
    try {
      const legs = services.faults.none ? fate.messages : withLegFaults(fate.messages, services, topicArn)
      const outcomes = legs.length === 0 ? [] : await services.store.accept(legs, declared)
      const repeated = repeatedOf(published, legs, outcomes)
      await handOver(
        matches.filter(({ published: { publication } }) => !repeated.has(publication)),
        context,
      )
      for (const { match, reason } of fate.undeliverable) await bury(match, reason, context)
      return repeated
    } catch (error) {
      if (!(error instanceof DeclarationsChanged) || attempt === attempts) throw error
    }
  }
}

interface Context {
  topic: TopicDefinition
  at: number
  signatures: SignatureBook
  services: Services
  call: Call
}

function matchesOf(published: Published[], subscriptions: readonly SubscriptionDefinition[]): Match[] {
  const matches: Match[] = []
  for (const one of published) {
    for (const subscription of subscriptions) {
      if (subscription.pendingToken !== undefined) continue
      const text = one.publication.textFor(subscription.protocol)
      if (filterOf(subscription.attributes)?.(one.publication.attributes, text) === false) continue
      matches.push({ published: one, subscription, text })
    }
  }
  return matches
}

/** Signatures by message id and text: subscriptions of one text share theirs. */
type SignatureBook = Map<string, Signature>

const signatureKey = ({ published, text }: Match): string => `${published.publication.messageId} ${text}`

async function signAll(
  matches: Match[],
  topic: TopicDefinition,
  at: number,
  signatures: SignatureBook,
  { signer }: Services,
  { host, secure }: Call,
): Promise<void> {
  const version = topic.attributes.SignatureVersion === '2' ? '2' : '1'
  for (const match of matches) {
    const key = signatureKey(match)
    if (isRaw(match.subscription) || signatures.has(key)) continue
    const value = await signer.sign(textToSign(notificationOf(match, topic.arn, at)), version)
    const url = `${secure ? 'https' : 'http'}://${host}${await signer.path()}`
    signatures.set(key, { version, value, url })
  }
}

function notificationOf({ published, text }: Match, topicArn: string, at: number): Notification {
  const { publication, sequenceNumber } = published
  const { messageId, subject, attributes } = publication
  return {
    messageId,
    topicArn,
    ...(subject === undefined ? {} : { subject }),
    message: text,
    attributes,
    at,
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
  }
}

function envelopeOf(match: Match, { topic, at, signatures, call }: Context): string {
  const { arn } = match.subscription
  const unsubscribeUrl = `http://${call.host}/?Action=Unsubscribe&SubscriptionArn=${arn}`
  return notificationEnvelope(notificationOf(match, topic.arn, at), signatures.get(signatureKey(match)), unsubscribeUrl)
}

interface Fate {
  messages: NewMessage[]
  undeliverable: { match: Match; reason: string }[]
}

/**
 * The messages that publications become: one for all raw subscriptions of one text together, and one for each other subscription, whose
 * envelope names it. The store takes them all in one step.
 */
function queueMessages(matches: Match[], published: Published[], declared: Declarations, context: Context): Fate {
  const fate: Fate = { messages: [], undeliverable: [] }
  const shared = new Map<Publication, NewMessage>()
  for (const match of matches) {
    const { subscription } = match
    if (subscription.protocol !== 'sqs') continue
    const { publication } = match.published
    if (!declared.queues.has(subscription.queue)) {
      fate.undeliverable.push({ match, reason: `${subscription.endpoint} does not exist` })
    } else if (!isRaw(subscription)) {
      fate.messages.push(messageOf(match, envelopeOf(match, context), context))
    } else if (Object.keys(publication.attributes).length > sqsLimits.messageAttributes) {
      fate.undeliverable.push({ match, reason: 'raw delivery carries at most ten message attributes' })
    } else {
      const known = shared.get(publication)
      if (known !== undefined) known.legs.push({ queue: subscription.queue })
      else {
        const message = rawMessage(match, context)
        shared.set(publication, message)
        fate.messages.push(message)
      }
    }
  }
  // A FIFO topic remembers a deduplication id also where nobody is subscribed.
  if (isFifoName(context.topic.arn)) {
    const kept = new Set(fate.messages.map(({ once }) => once?.token))
    for (const one of published) {
      if (kept.has(tokenOf(one.publication, one.sequenceNumber))) continue
      const nobody = { published: one, text: '', subscription: nowhere }
      fate.messages.push({ ...messageOf(nobody, '', context), legs: [] })
    }
  }
  return fate
}

const nowhere: SubscriptionDefinition = { arn: '', topicArn: '', protocol: '', endpoint: '', queue: '', attributes: {} }

function messageOf({ published, subscription }: Match, body: string, { services, topic }: Context): NewMessage {
  const { publication } = published
  return {
    id: services.newId(),
    body,
    attributes: '',
    md5OfBody: '',
    md5OfAttributes: '',
    traceHeader: '',
    ...idsFor(publication, subscription),
    legs: [{ queue: subscription.queue }],
    ...onceOf(published, topic),
  }
}

function rawMessage(match: Match, context: Context): NewMessage {
  const { publication } = match.published
  const some = Object.keys(publication.attributes).length > 0
  return {
    ...messageOf(match, match.text, context),
    id: publication.messageId,
    attributes: some ? JSON.stringify(publication.attributes) : '',
    md5OfAttributes: some ? publication.md5OfAttributes : '',
  }
}

/** A standard queue has no deduplication ids. One that shares its message with a FIFO queue of the same topic gets them all the same. */
const idsFor = ({ groupId, deduplicationId }: Publication, { queue }: SubscriptionDefinition) =>
  isFifoName(queue) || deduplicationId === '' ? { groupId, deduplicationId } : { groupId: '', deduplicationId: '' }

/** Everything that is not a queue: HTTP endpoints are called, the rest is recorded. */
async function handOver(matches: Match[], context: Context): Promise<void> {
  const { services, topic, at, signatures } = context
  for (const match of matches) {
    const { subscription, published } = match
    const { protocol } = subscription
    if (protocol === 'sqs') continue
    if (!services.faults.none && services.faults.strike('lost-leg', { topic: topic.arn }) !== undefined) continue
    const { messageId, subject } = published.publication
    const raw = isRaw(subscription)
    const message =
      protocol === 'lambda'
        ? lambdaEvent(
            notificationOf(match, topic.arn, at),
            signatures.get(signatureKey(match)),
            subscription.arn,
            context.call.host,
          )
        : raw || protocol === 'sms' || protocol === 'email' || protocol === 'application'
          ? match.text
          : envelopeOf(match, context)
    const record = {
      protocol,
      endpoint: subscription.endpoint,
      topicArn: topic.arn,
      subscriptionArn: subscription.arn,
      messageId,
      type: 'Notification' as const,
      ...(subject === undefined ? {} : { subject }),
      message,
    }
    if (protocol !== 'http' && protocol !== 'https') {
      services.deliveries.record(record)
      continue
    }
    const { retry, contentType } = policyFor(topic.attributes.DeliveryPolicy, subscription.attributes.DeliveryPolicy)
    services.deliveries.send({
      record,
      headers: {
        ...deliveryHeaders('Notification', messageId, topic.arn),
        'Content-Type': contentType,
        'x-amz-sns-subscription-arn': subscription.arn,
        ...(raw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
      },
      delays: retryDelays(retry),
      givenUp: (reason) => bury(match, reason, context),
    })
  }
}

/** What could not be delivered goes to the subscription's dead-letter queue, where it has one; else it is gone, and recorded. */
async function bury(match: Match, reason: string, context: Context): Promise<void> {
  const { services, topic } = context
  const { subscription, published } = match
  const target = redriveTargetOf(subscription.attributes.RedrivePolicy)
  const declared = await services.store.knownDeclarations()
  services.log.warn(
    { subscription: subscription.arn, target },
    `${subscription.endpoint} was not delivered to: ${reason}`,
  )
  if (subscription.protocol === 'sqs') {
    const { messageId } = published.publication
    const { endpoint, protocol, arn } = subscription
    const record = {
      protocol,
      endpoint,
      topicArn: topic.arn,
      subscriptionArn: arn,
      messageId,
      type: 'Notification' as const,
    }
    services.deliveries.record({ ...record, message: match.text }, 'failed', reason)
  }
  if (target === undefined || !declared.queues.has(target)) return
  const raw = isRaw(subscription)
  const letter = raw ? rawMessage(match, context) : messageOf(match, envelopeOf(match, context), context)
  const { once: _once, ...message } = letter
  await services.store.accept([{ ...message, id: services.newId(), legs: [{ queue: target }] }])
}
