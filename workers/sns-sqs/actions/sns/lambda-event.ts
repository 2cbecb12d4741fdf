import type { Notification, Signature } from '../../semantics/signing/envelope.ts'

/** What a function is invoked with. https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function lambdaEvent(
  { messageId, topicArn, subject, message, attributes, at }: Notification,
  signature: Signature | undefined,
  subscriptionArn: string,
  host: string,
): string {
  const shown = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
  ])
  const Sns = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    Subject: subject ?? null,
    Message: message,
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: signature?.version ?? '1',
    Signature: signature?.value ?? '',
    SigningCertUrl: signature?.url ?? '',
    UnsubscribeUrl: `http://${host}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    MessageAttributes: Object.fromEntries(shown),
  }
  return JSON.stringify({
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns }],
  })
}
