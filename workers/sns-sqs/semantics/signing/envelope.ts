import type { MessageAttributes } from '../message-attributes.ts'

/** What a topic says of one publication; the same for all of its subscriptions. */
export interface Notification {
  messageId: string
  topicArn: string
  subject?: string
  message: string
  attributes: MessageAttributes
  /** Epoch milliseconds. */
  at: number
  /** Of a FIFO topic only. */
  sequenceNumber?: string
  /** It was published before and comes out of the topic's archive. */
  replayed?: boolean
}

/** The signature of a publication; absent of FIFO topics, as on AWS. */
export interface Signature {
  version: '1' | '2'
  value: string
  /** Where the certificate is served. */
  url: string
}

/** The text that is signed: names and values, each on a line. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
export function textToSign({ messageId, topicArn, subject, message, at }: Notification): string {
  const subjectLines = subject === undefined ? '' : `Subject\n${subject}\n`
  return (
    `Message\n${message}\nMessageId\n${messageId}\n${subjectLines}Timestamp\n${new Date(at).toISOString()}\n` +
    `TopicArn\n${topicArn}\nType\nNotification\n`
  )
}

/**
 * The JSON document that a subscription without raw delivery is sent.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notificationEnvelope(
  notification: Notification,
  signature: Signature | undefined,
  unsubscribeUrl: string,
): string {
  const { messageId, topicArn, subject, message, attributes, at, sequenceNumber, replayed = false } = notification
  const shown = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
  ])
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    ...(sequenceNumber === undefined ? {} : { SequenceNumber: sequenceNumber }),
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: new Date(at).toISOString(),
    ...(signature === undefined
      ? {}
      : { SignatureVersion: signature.version, Signature: signature.value, SigningCertURL: signature.url }),
    UnsubscribeURL: unsubscribeUrl,
    ...(shown.length === 0 ? {} : { MessageAttributes: Object.fromEntries(shown) }),
    ...(replayed ? { Replayed: 'true' } : {}),
  })
}

/** What an HTTP endpoint is asked to confirm. */
export interface ConfirmationMessage {
  type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  messageId: string
  token: string
  topicArn: string
  message: string
  subscribeUrl: string
  at: number
}

export function confirmationTextToSign(confirmation: ConfirmationMessage): string {
  const { type, messageId, token, topicArn, message, subscribeUrl, at } = confirmation
  return (
    `Message\n${message}\nMessageId\n${messageId}\nSubscribeURL\n${subscribeUrl}\n` +
    `Timestamp\n${new Date(at).toISOString()}\nToken\n${token}\nTopicArn\n${topicArn}\nType\n${type}\n`
  )
}

export function confirmationEnvelope(confirmation: ConfirmationMessage, signature: Signature): string {
  const { type, messageId, token, topicArn, message, subscribeUrl, at } = confirmation
  return JSON.stringify({
    Type: type,
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: message,
    SubscribeURL: subscribeUrl,
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: signature.version,
    Signature: signature.value,
    SigningCertURL: signature.url,
  })
}
