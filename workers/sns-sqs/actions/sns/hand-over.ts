import type { UnsentDelivery } from '../../delivery/delivery-records.ts'
import type { HttpDelivery } from '../../delivery/outbox.ts'
import type { LegFates } from '../../faults/message-faults.ts'
import { httpPolicyFor, retryDelays } from '../../semantics/delivery-policy.ts'
import { isRaw, redriveTargetOf } from '../../semantics/subscription-attributes.ts'
import type { SubscriptionDefinition } from '../../stores/queue-store.ts'
import { deliveryHeaders } from './confirmation.ts'
import { lambdaEvent } from './lambda-event.ts'
import {
  type Context,
  type Match,
  notificationEnvelopeOf,
  notificationOf,
  queueMessageOf,
  signatureKey,
} from './queue-message.ts'

/** What becomes of a publication for a subscription that is not a queue: HTTP endpoints are called, everything else is recorded. */

export const isHttp = ({ protocol }: SubscriptionDefinition): boolean => protocol === 'http' || protocol === 'https'

/** Whether a fault takes this leg away. A leg in `fates` does not strike again, others are noted there. */
export function isLost(match: Match, { services: { faults }, topic }: Context, fates: LegFates): boolean {
  if (faults.none && fates.size === 0) return false
  const key = `${match.published.publication.messageId} ${match.subscription.arn}`
  const fate = fates.get(key) ?? (faults.strike('lost-leg', { topic: topic.arn }) === undefined ? 0 : 'lost')
  fates.set(key, fate)
  return fate === 'lost'
}

/** Records what goes to endpoints that are neither queues nor called. */
export function recordOthers(matches: Match[], context: Context, fates: LegFates): void {
  for (const match of matches) {
    const { subscription } = match
    if (subscription.protocol === 'sqs' || isHttp(subscription) || isLost(match, context, fates)) continue
    context.services.deliveries.record(outgoingOf(match, context))
  }
}

/** The call of an HTTP endpoint: what it is sent, when it is tried again, and what of it becomes a dead letter. */
export function httpDelivery(match: Match, context: Context): HttpDelivery {
  const { topic } = context
  const { subscription, published } = match
  const { attributes, arn } = subscription
  const { retry, contentType } = httpPolicyFor(topic.attributes.DeliveryPolicy, attributes.DeliveryPolicy)
  const queue = redriveTargetOf(attributes.RedrivePolicy)
  return {
    record: outgoingOf(match, context),
    headers: {
      ...deliveryHeaders('Notification', published.publication.messageId, topic.arn),
      'Content-Type': contentType,
      'x-amz-sns-subscription-arn': arn,
      ...(isRaw(subscription) ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
    },
    delays: retryDelays(retry),
    ...(queue === undefined ? {} : { deadLetters: { queue, message: deadLetterOf(match, context) } }),
  }
}

/** What a dead-letter queue is given of a publication that could not be delivered. */
export function deadLetterOf(match: Match, context: Context) {
  const { id: _id, legs: _legs, once: _once, ...message } = queueMessageOf(match, context)
  return message
}

/** What is shown of a delivery, with what the endpoint is sent. */
export function outgoingOf(match: Match, context: Context): UnsentDelivery {
  const { subscription, published } = match
  const { messageId, subject } = published.publication
  return {
    protocol: subscription.protocol,
    endpoint: subscription.endpoint,
    topicArn: context.topic.arn,
    subscriptionArn: subscription.arn,
    messageId,
    type: 'Notification',
    ...(subject === undefined ? {} : { subject }),
    message: textOf(match, context),
  }
}

const plainText = new Set(['sms', 'email', 'application'])

function textOf(match: Match, context: Context): string {
  const { topic, at, signatures, call } = context
  const { protocol, arn } = match.subscription
  if (protocol === 'lambda') {
    return lambdaEvent(notificationOf(match, topic.arn, at), signatures.get(signatureKey(match)), arn, call.host)
  }
  return isRaw(match.subscription) || plainText.has(protocol) ? match.text : notificationEnvelopeOf(match, context)
}
