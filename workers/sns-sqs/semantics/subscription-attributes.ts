import { AwsError } from '../protocol/aws-error.ts'
import type { SubscriptionDefinition } from '../stores/queue-store.ts'
import { compileFilterPolicy, type Filter } from './filter-policy.ts'

const invalid = (reason: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

/** Refuses attributes that AWS refuses, or that would have no effect here. */
export function checkSubscriptionAttributes(attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'RawMessageDelivery') {
      if (value !== 'true' && value !== 'false') {
        throw invalid('Attributes Reason: RawMessageDelivery: Invalid value, must be true or false')
      }
    } else if (name === 'FilterPolicyScope') {
      if (value !== 'MessageAttributes' && value !== 'MessageBody') {
        throw invalid('Attributes Reason: FilterPolicyScope: Invalid value, must be MessageAttributes or MessageBody')
      }
    } else if (name !== 'FilterPolicy') throw invalid(`AttributeName ${name} is not supported by this simulator`)
  }
  filterOf(attributes)
}

const compiled = new Map<string, Filter>()

/** The compiled filter of a subscription; undefined where everything passes. */
export function filterOf(attributes: SubscriptionDefinition['attributes']): Filter | undefined {
  const { FilterPolicy: policy, FilterPolicyScope: scope } = attributes
  if (policy === undefined || policy === '' || policy === '{}') return undefined
  const chosen = scope === 'MessageBody' ? scope : 'MessageAttributes'
  const key = `${chosen} ${policy}`
  let filter = compiled.get(key)
  if (filter === undefined) {
    filter = compileFilterPolicy(policy, chosen)
    if (compiled.size >= 10_000) compiled.clear()
    compiled.set(key, filter)
  }
  return filter
}

export const isRaw = (subscription: SubscriptionDefinition): boolean =>
  subscription.attributes.RawMessageDelivery === 'true'
