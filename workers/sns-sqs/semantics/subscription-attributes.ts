import { AwsError } from '../protocol/aws-error.ts'
import type { SubscriptionDefinition } from '../stores/queue-store.ts'
import { replayOf } from './archive-policy.ts'
import { checkDeliveryPolicy } from './delivery-policy.ts'
import { compileFilterPolicy, type Filter, FilterPolicyError } from './filter/filter-policy.ts'
import { isFifoName, parseQueueArn } from './names.ts'
import { parsePolicyJson } from './policy-json.ts'

const invalid = (reason: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

const settable = new Set([
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'ReplayPolicy',
  'SubscriptionRoleArn',
])

/**
 * Refuses attributes that AWS refuses. `prefix` comes before a reason: `Attributes Reason: ` when subscribing, nothing when one
 * is set. `all`: what holds after the change, since a policy and its scope are judged together. `fifo`: the topic is one.
 */
export function checkSubscriptionAttributes(
  given: Record<string, string>,
  all: Record<string, string>,
  { protocol, endpoint, fifo }: { protocol: string; endpoint: string; fifo: boolean },
  prefix: string,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (!settable.has(name)) throw invalid(prefix === '' ? 'AttributeName' : `${prefix}Unknown attribute: ${name}`)
    if (name === 'RawMessageDelivery') checkRaw(value, protocol, prefix)
    else if (name === 'FilterPolicyScope') {
      if (value !== 'MessageAttributes' && value !== 'MessageBody') {
        throw invalid(
          `${prefix}FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
        )
      }
    } else if (name === 'RedrivePolicy') {
      const target = redriveTargetOf(value, prefix)
      if (target !== undefined && fifo && isFifoName(endpoint) && !isFifoName(target)) {
        throw invalid(`${prefix}RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.`)
      }
    } else if (name === 'ReplayPolicy') {
      if (replayOf(value, prefix) !== undefined && !fifo) {
        throw invalid(`${prefix}ReplayPolicy: messages are archived and replayed by FIFO topics only`)
      }
    } else if (name === 'DeliveryPolicy' && value !== '') {
      if (protocol !== 'http' && protocol !== 'https') {
        throw invalid(`${prefix}DeliveryPolicy: Delivery policy is supported by HTTP and HTTPS endpoints only`)
      }
      checkDeliveryPolicy(value, false, prefix)
    }
  }
  try {
    filterOf(all)
  } catch (error) {
    if (!(error instanceof FilterPolicyError)) throw error
    throw invalid(error.message.startsWith('FilterPolicy:') ? `${prefix}${error.message}` : error.message)
  }
}

const rawProtocols = new Set(['sqs', 'http', 'https', 'firehose'])

function checkRaw(value: string, protocol: string, prefix: string): void {
  if (!/^(true|false)$/i.test(value)) {
    throw invalid(`${prefix}RawMessageDelivery: Invalid value [${value}]. Must be true or false.`)
  }
  if (/^true$/i.test(value) && !rawProtocols.has(protocol)) {
    throw invalid(`${prefix}Delivery protocol [${protocol}] does not support raw message delivery.`)
  }
}

/** ARN of the dead-letter queue in a subscription's RedrivePolicy; undefined for the empty text, which means none. */
export function redriveTargetOf(text: string | undefined, prefix = ''): string | undefined {
  if (text === undefined || text === '') return undefined
  const policy = parsePolicyJson(text, (reason) => invalid(`${prefix}RedrivePolicy: ${reason}`))
  const { deadLetterTargetArn } = Object(policy) as Record<string, unknown>
  if (typeof deadLetterTargetArn !== 'string' || parseQueueArn(deadLetterTargetArn) === undefined) {
    throw invalid(`${prefix}RedrivePolicy: deadLetterTargetArn is an invalid arn`)
  }
  return deadLetterTargetArn
}

const compiled = new Map<string, Filter>()
let compiledCharacters = 0
/** Characters of policies of which the compiled form is kept. */
const mostCharacters = 4_194_304

/** The compiled filter of a subscription; undefined where everything passes. Throws `FilterPolicyError`. */
export function filterOf(attributes: SubscriptionDefinition['attributes']): Filter | undefined {
  const { FilterPolicy: policy, FilterPolicyScope: scope } = attributes
  if (policy === undefined || policy === '' || policy === '{}') return undefined
  const chosen = scope === 'MessageBody' ? scope : 'MessageAttributes'
  const key = `${chosen} ${policy}`
  let filter = compiled.get(key)
  if (filter === undefined) {
    filter = compileFilterPolicy(policy, chosen)
    if (compiledCharacters + key.length > mostCharacters) {
      compiled.clear()
      compiledCharacters = 0
    }
    compiledCharacters += key.length
    compiled.set(key, filter)
  }
  return filter
}

export const isRaw = (subscription: SubscriptionDefinition): boolean =>
  subscription.attributes.RawMessageDelivery === 'true'
