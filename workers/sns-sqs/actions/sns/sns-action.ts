import { AwsError } from '../../protocol/aws-error.ts'
import type { FormNode } from '../../protocol/form.ts'
import { text } from '../../protocol/sns-fields.ts'
import type { XmlValue } from '../../protocol/xml.ts'
import type { Declarations, SubscriptionDefinition, TopicDefinition } from '../../stores/queue-store.ts'
import type { Call, Services } from '../action.ts'

/** Answers with what goes into the `…Result` element; throws `AwsError`. */
export type SnsAction = (
  input: FormNode,
  services: Services,
  call: Call,
) => Promise<{ [name: string]: XmlValue | undefined }>

export function topicIn({ topics }: Declarations, arn: string): TopicDefinition {
  if (!/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/.test(arn)) {
    throw new AwsError('InvalidParameter', 'Invalid parameter: TopicArn')
  }
  const topic = topics.get(arn)
  if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist')
  return topic
}

export function subscriptionIn({ subscriptions }: Declarations, input: FormNode): SubscriptionDefinition {
  const subscription = subscriptions.get(text(input, 'SubscriptionArn'))
  if (subscription === undefined) throw new AwsError('NotFound', 'Subscription does not exist')
  return subscription
}

/** Lists come in pages of 100; the token is the last name that was shown. */
export function page<T>(
  items: T[],
  keyOf: (item: T) => string,
  after: string | undefined,
): { items: T[]; next?: string } {
  const rest = items
    .filter((item) => after === undefined || keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const shown = rest.slice(0, 100)
  const last = shown.at(-1)
  return rest.length > shown.length && last !== undefined ? { items: shown, next: keyOf(last) } : { items: shown }
}
