import type { Prepared } from '../../delivery/deliveries.ts'
import { outbox } from '../../delivery/outbox.ts'
import { type LegFates, withLegFaults } from '../../faults/message-faults.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import { isFifoName } from '../../semantics/names.ts'
import type { Publication } from '../../semantics/publication.ts'
import { textToSign } from '../../semantics/signing/envelope.ts'
import { filterOf, isRaw, redriveTargetOf } from '../../semantics/subscription-attributes.ts'
import {
  type AcceptOutcome,
  type Declarations,
  DeclarationsChanged,
  type NewMessage,
  type SubscriptionDefinition,
  type TopicDefinition,
} from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'
import { archivedMessage, archiveOf } from './archive.ts'
import { deadLetterOf, httpDelivery, isHttp, isLost, outgoingOf, recordOthers } from './hand-over.ts'
import {
  type Context,
  type Match,
  messageOf,
  notificationEnvelopeOf,
  notificationOf,
  rawMessage,
  type SignatureBook,
  signatureKey,
} from './queue-message.ts'
import { type Published, type Repeated, repeatedOf, tokenOf } from './repeated.ts'
import { topicIn } from './sns-action.ts'

/** Times that a publication is fanned out again because another process changed subscriptions at that moment. */
const attempts = 8

/**
 * Hands publications to the subscriptions of this moment: to queues in one step, all or none, and after that to everything
 * else. What repeats an earlier publication of a FIFO topic goes nowhere.
 */
export async function fanOut(
  published: Published[],
  topicArn: string,
  services: ActionServices,
  call: Call,
): Promise<ReadonlyMap<Publication, Repeated>> {
  const at = services.clock.now()
  const signatures: SignatureBook = new Map()
  const fates: LegFates = new Map()
  for (let attempt = 1; ; attempt++) {
    let declared = await services.store.knownDeclarations()
    if (!declared.queues.has(outbox) && declared.subscriptionsOf(topicArn).some(isHttp)) {
      await services.deliveries.open()
      declared = await services.store.knownDeclarations()
    }
    const topic = topicIn(declared, topicArn)
    const matches = matchesOf(published, declared.subscriptionsOf(topicArn))
    if (!isFifoName(topicArn)) await signAll(matches, topic, at, signatures, services, call)
    const context: Context = { topic, at, signatures, services, call }
    const fate = messagesToQueues(matches, published, declared, context)
    const faultless = services.faults.none && fates.size === 0
    try {
      const legs = faultless ? fate.messages : withLegFaults(fate.messages, services, topicArn, fates)
      const posts = matches.filter((match) => isHttp(match.subscription) && !isLost(match, context, fates))
      const outgoing = await services.deliveries.prepare(posts.map((match) => httpDelivery(match, context)))
      const all = outgoing.messages.length === 0 ? legs : [...legs, ...outgoing.messages]
      const outcomes = all.length === 0 ? [] : await accepted(all, declared, outgoing, services)
      const repeated = repeatedOf(published, legs, outcomes)
      services.deliveries.taken(outgoing)
      recordOthers(
        matches.filter(({ published: { publication } }) => !repeated.has(publication)),
        context,
        fates,
      )
      for (const { match, reason } of fate.undeliverable) await bury(match, reason, context)
      return repeated
    } catch (error) {
      if (!(error instanceof DeclarationsChanged) || attempt === attempts) throw error
    }
  }
}

/** Puts messages into the store; if it does not take them the deliveries among them have no place in the outbox. */
async function accepted(
  messages: NewMessage[],
  declared: Declarations,
  outgoing: Prepared,
  { store, deliveries }: ActionServices,
): Promise<AcceptOutcome[]> {
  try {
    return await store.accept(messages, declared)
  } catch (error) {
    deliveries.withdrawn(outgoing)
    throw error
  }
}

/** The subscriptions that each publication passes. */
export function matchesOf(published: Published[], subscriptions: readonly SubscriptionDefinition[]): Match[] {
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

async function signAll(
  matches: Match[],
  topic: TopicDefinition,
  at: number,
  signatures: SignatureBook,
  { signer }: ActionServices,
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

interface Fate {
  messages: NewMessage[]
  undeliverable: { match: Match; reason: string }[]
}

/**
 * The messages that publications become: one for all raw subscriptions of one text together, and one for each other subscription, whose
 * envelope names it. The store takes them all in one step.
 */
export function messagesToQueues(
  matches: Match[],
  published: Published[],
  declared: Declarations,
  context: Context,
): Fate {
  const fate: Fate = { messages: [], undeliverable: [] }
  const shared = new Map<Publication, NewMessage>()
  for (const match of matches) {
    const { subscription } = match
    if (subscription.protocol !== 'sqs') continue
    const { publication } = match.published
    if (!declared.queues.has(subscription.queue)) {
      fate.undeliverable.push({ match, reason: `${subscription.endpoint} does not exist` })
    } else if (!isRaw(subscription)) {
      fate.messages.push(messageOf(match, notificationEnvelopeOf(match, context), context))
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
  const archive = archiveOf(context.topic.arn)
  if (declared.queues.has(archive)) {
    for (const one of published) {
      const nobody = { published: one, text: '', subscription: nowhere }
      const kept = archivedMessage(one, context.topic.arn, context.at)
      fate.messages.push({ ...messageOf(nobody, '', context), groupId: '', deduplicationId: '', ...kept })
    }
  }
  // A FIFO topic remembers a deduplication id also if nobody is subscribed.
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

/** What could not be put into a queue goes to the subscription's dead-letter queue, where it has one; else it is gone, and recorded. */
async function bury(match: Match, reason: string, context: Context): Promise<void> {
  const { services } = context
  const { subscription } = match
  const target = redriveTargetOf(subscription.attributes.RedrivePolicy)
  const declared = await services.store.knownDeclarations()
  services.log.warn(
    { subscription: subscription.arn, target },
    `${subscription.endpoint} was not delivered to: ${reason}`,
  )
  const { subject: _subject, ...outgoing } = outgoingOf(match, context)
  services.deliveries.record({ ...outgoing, message: match.text }, 'failed', reason)
  if (target === undefined || !declared.queues.has(target)) return
  await services.store.accept([{ ...deadLetterOf(match, context), id: services.newId(), legs: [{ queue: target }] }])
}
