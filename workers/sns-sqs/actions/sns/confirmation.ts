import { httpPolicyFor, retryDelays } from '../../semantics/delivery-policy.ts'
import {
  type ConfirmationMessage,
  confirmationEnvelope,
  confirmationTextToSign,
} from '../../semantics/signing/envelope.ts'
import type { SubscriptionDefinition } from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'

const contentType = 'text/plain; charset=UTF-8'
const agent = 'Amazon Simple Notification Service Agent'

/** The headers of what SNS posts. */
export const deliveryHeaders = (type: string, messageId: string, topicArn: string): Record<string, string> => ({
  'Content-Type': contentType,
  'User-Agent': agent,
  'Accept-Encoding': 'gzip,deflate',
  'x-amz-sns-message-type': type,
  'x-amz-sns-message-id': messageId,
  'x-amz-sns-topic-arn': topicArn,
})

/** Sends an endpoint what it has to send back before anything is delivered; of a mail address it is recorded. */
export const askForConfirmation = (subscription: SubscriptionDefinition, services: ActionServices, call: Call) =>
  sendConfirmation(
    subscription,
    {
      type: 'SubscriptionConfirmation',
      token: subscription.pendingToken ?? '',
      message: `You have chosen to subscribe to the topic ${subscription.topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    },
    services,
    call,
  )

/** Tells an endpoint that its subscription has ended, and the token with which it can have it back. */
export const tellOfEnd = (subscription: SubscriptionDefinition, token: string, services: ActionServices, call: Call) =>
  sendConfirmation(
    subscription,
    {
      type: 'UnsubscribeConfirmation',
      token,
      message: `You have chosen to deactivate subscription ${subscription.arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`,
    },
    services,
    call,
  )

async function sendConfirmation(
  subscription: SubscriptionDefinition,
  { type, token, message }: Pick<ConfirmationMessage, 'type' | 'token' | 'message'>,
  services: ActionServices,
  call: Call,
): Promise<void> {
  const { signer, clock, newId, deliveries, store } = services
  const { topicArn, endpoint, protocol } = subscription
  const confirmation: ConfirmationMessage = {
    type,
    messageId: newId(),
    token,
    topicArn,
    message,
    subscribeUrl: `http://${call.host}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`,
    at: clock.now(),
  }
  const topic = (await store.knownDeclarations()).topics.get(topicArn)
  const version = topic?.attributes.SignatureVersion === '2' ? '2' : '1'
  const value = await signer.sign(confirmationTextToSign(confirmation), version)
  const url = `${call.secure ? 'https' : 'http'}://${call.host}${await signer.path()}`
  const record = {
    protocol,
    endpoint,
    topicArn,
    subscriptionArn: subscription.arn,
    messageId: confirmation.messageId,
    type: confirmation.type,
    message: confirmationEnvelope(confirmation, { version, value, url }),
  }
  if (protocol !== 'http' && protocol !== 'https') {
    deliveries.record(record)
    return
  }
  const { retry } = httpPolicyFor(topic?.attributes.DeliveryPolicy, subscription.attributes.DeliveryPolicy)
  await deliveries.send({
    record,
    headers: {
      ...deliveryHeaders(confirmation.type, confirmation.messageId, topicArn),
      ...(type === 'UnsubscribeConfirmation' ? { 'x-amz-sns-subscription-arn': subscription.arn } : {}),
    },
    delays: retryDelays(retry),
  })
}
