import { isFifoName } from '../../semantics/names.ts'
import type { Publication } from '../../semantics/publication.ts'
import { type Notification, notificationEnvelope, type Signature } from '../../semantics/signing/envelope.ts'
import { isRaw } from '../../semantics/subscription-attributes.ts'
import type { NewMessage, SubscriptionDefinition, TopicDefinition } from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'
import { onceOf, type Published } from './repeated.ts'

/** A publication and a subscription that it passes. */
export interface Match {
  published: Published
  subscription: SubscriptionDefinition
  text: string
}

/** What all messages of one publication have in common. */
export interface Context {
  topic: TopicDefinition
  at: number
  signatures: SignatureBook
  services: ActionServices
  call: Call
  /** They come out of the topic's archive. */
  replayed?: boolean
}

/** Signatures by message id and text: subscriptions of one text share theirs. */
export type SignatureBook = Map<string, Signature>

export const signatureKey = ({ published, text }: Match): string => `${published.publication.messageId} ${text}`

export function notificationOf({ published, text }: Match, topicArn: string, at: number): Notification {
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

export function notificationEnvelopeOf(
  match: Match,
  { topic, at, signatures, call, replayed = false }: Context,
): string {
  const { arn } = match.subscription
  const unsubscribeUrl = `http://${call.host}/?Action=Unsubscribe&SubscriptionArn=${arn}`
  const notification = { ...notificationOf(match, topic.arn, at), replayed }
  return notificationEnvelope(notification, signatures.get(signatureKey(match)), unsubscribeUrl)
}

export function messageOf({ published, subscription }: Match, body: string, context: Context): NewMessage {
  const { services, topic, call, replayed = false } = context
  const { publication } = published
  return {
    id: services.newId(),
    body,
    attributes: '',
    md5OfBody: '',
    md5OfAttributes: '',
    traceHeader: replayed ? '' : call.trace,
    ...idsFor(publication, subscription),
    legs: [{ queue: subscription.queue }],
    ...onceOf(published, topic),
  }
}

export function rawMessage(match: Match, context: Context): NewMessage {
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

/** What a subscription's queue is given of a publication: its text as it is, or the envelope around it. */
export const queueMessageOf = (match: Match, context: Context): NewMessage =>
  isRaw(match.subscription)
    ? rawMessage(match, context)
    : messageOf(match, notificationEnvelopeOf(match, context), context)
