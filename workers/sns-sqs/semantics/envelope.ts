import type { MessageAttributes } from './message-attributes.ts'

export interface Notification {
  messageId: string
  topicArn: string
  subscriptionArn: string
  subject?: string
  message: string
  attributes: MessageAttributes
  at: number
  /** Where the client reaches this server, for the unsubscribe link. */
  host: string
}

/**
 * The JSON document that a subscription without raw delivery is sent.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * The three signature fields are left out: nothing here signs yet, and a made-up signature would be worse than none.
 */
export function notificationEnvelope(notification: Notification): string {
  const { messageId, topicArn, subscriptionArn, subject, message, attributes, at, host } = notification
  const shown = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
  ])
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: new Date(at).toISOString(),
    UnsubscribeURL: `http://${host}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(subscriptionArn)}`,
    ...(shown.length === 0 ? {} : { MessageAttributes: Object.fromEntries(shown) }),
  })
}
