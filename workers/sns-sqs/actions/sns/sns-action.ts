import { AwsError } from '../../protocol/aws-error.ts'
import type { FormNode } from '../../protocol/form.ts'
import { optionalText } from '../../protocol/sns-fields.ts'
import type { XmlValue } from '../../protocol/xml.ts'
import type { Declarations, SubscriptionDefinition, TopicDefinition } from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'

/** Answers with what goes into the `…Result` element; throws `AwsError`. */
export type SnsAction = (
  input: FormNode,
  services: ActionServices,
  call: Call,
) => Promise<{ [name: string]: XmlValue | undefined }>

export const invalidParameter = (reason: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

/** Refuses text that is not an ARN by AWS's count of its parts. */
export function checkArn(name: string, arn: string): void {
  const parts = arn.split(':')
  if (parts.length < 6)
    throw invalidParameter(`${name} Reason: An ARN must have at least 6 elements, not ${parts.length}`)
  if (parts[0] !== 'arn') throw invalidParameter(`${name} Reason: An ARN must start with arn:`)
}

/** The text of a parameter that names an ARN; empty if it is not given, which no ARN is. */
export const arnIn = (input: FormNode, name: string): string => optionalText(input, name) ?? ''

/** Topics are reached in their own region only; where a request has no signature it names none. */
export function refuseOtherRegion(input: FormNode, { service, region }: Call): void {
  const arn = optionalText(input, 'TopicArn') ?? optionalText(input, 'TargetArn') ?? ''
  const [, , of, where = ''] = arn.split(':')
  if (service === 'sns' && of === 'sns' && where !== '' && where !== region) throw invalidParameter('TopicArn')
}

export function topicIn({ topics }: Declarations, arn: string): TopicDefinition {
  checkArn('TopicArn', arn)
  const topic = topics.get(arn)
  if (topic !== undefined) return topic
  if (!/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/.test(arn)) throw invalidParameter('TopicArn')
  throw new AwsError('NotFound', 'Topic does not exist')
}

/** Refuses what no subscription can be called. */
export function checkSubscriptionArn(arn: string): void {
  if (arn === '') throw invalidParameter('SubscriptionArn Reason: no value for required parameter')
  checkArn('SubscriptionArn', arn)
  if (!/:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(arn)) throw invalidParameter('SubscriptionId')
}

export function subscriptionIn({ subscriptions }: Declarations, input: FormNode): SubscriptionDefinition {
  const arn = arnIn(input, 'SubscriptionArn')
  const subscription = subscriptions.get(arn)
  if (subscription !== undefined) return subscription
  checkSubscriptionArn(arn)
  throw new AwsError('NotFound', 'Subscription does not exist')
}

/** Account and region of an ARN are those of the call. */
export const isOfCall = (arn: string, { account, region }: Call): boolean => {
  const parts = arn.split(':')
  return parts[3] === region && parts[4] === account
}

const pageSize = 100

/** Lists come in pages of 100; the token names the last that was shown. */
export function snsPage<T>(
  items: T[],
  keyOf: (item: T) => string,
  token: string | undefined,
): { items: T[]; next?: string } {
  const after = token === undefined || token === '' ? undefined : readToken(token)
  const rest = items
    .filter((item) => after === undefined || keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const shown = rest.slice(0, pageSize)
  const last = shown.at(-1)
  return rest.length > shown.length && last !== undefined
    ? { items: shown, next: Buffer.from(`v1:${keyOf(last)}`).toString('base64') }
    : { items: shown }
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString()
  if (!text.startsWith('v1:')) throw invalidParameter('NextToken')
  return text.slice(3)
}
