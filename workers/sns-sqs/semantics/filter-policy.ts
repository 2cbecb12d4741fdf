import { AwsError } from '../protocol/aws-error.ts'
import { type Matcher, parseCondition } from './filter-condition.ts'
import type { MessageAttributes } from './message-attributes.ts'

export type FilterScope = 'MessageAttributes' | 'MessageBody'

/** Says whether a message with these attributes and this body passes. */
export type Filter = (attributes: MessageAttributes, body: string) => boolean

/** What a key of the policy is looked up in: the values of one field, or undefined where there is no such field. */
type Lookup = (path: readonly string[]) => readonly unknown[] | undefined
type Rule = (lookup: Lookup) => boolean

/** Quotas: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const maximumKeys = 5
const maximumCombinations = 150

/**
 * Compiles a filter policy. All keys must match, any condition of a key's list is enough, `$or` takes a list of
 * policies. https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function compileFilterPolicy(text: string, scope: FilterScope): Filter {
  let policy: unknown
  try {
    policy = JSON.parse(text)
  } catch {
    throw refusal('failed to parse JSON')
  }
  const count = { keys: 0, combinations: 1 }
  const rule = compileNode(policy, [], scope, count)
  if (count.keys > maximumKeys) {
    throw new AwsError(
      'FilterPolicyLimitExceeded',
      `FilterPolicy: Filter policy can not have more than ${maximumKeys} keys`,
    )
  }
  if (count.combinations > maximumCombinations) throw refusal('Filter policy is too complex')
  if (scope === 'MessageAttributes') return (attributes) => rule(attributeLookup(attributes))
  return (_attributes, body) => {
    const lookup = bodyLookup(body)
    return lookup !== undefined && rule(lookup)
  }
}

const refusal = (reason: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: FilterPolicy: ${reason}`)

function compileNode(
  policy: unknown,
  path: readonly string[],
  scope: FilterScope,
  count: { keys: number; combinations: number },
): Rule {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw refusal('Filter policy must be a JSON object, and "Match Value" must be a list')
  }
  const rules = Object.entries(policy).map(([key, value]): Rule => {
    if (key === '$or' && Array.isArray(value) && value.length > 1) {
      const any = value.map((branch: unknown) => compileNode(branch, path, scope, count))
      return (lookup) => any.some((rule) => rule(lookup))
    }
    const here = [...path, key]
    if (!Array.isArray(value)) {
      if (scope === 'MessageBody') return compileNode(value, here, scope, count)
      throw refusal(`"${key}" must be an array`)
    }
    if (value.length === 0) throw refusal(`Empty arrays are not allowed, "${key}" has one`)
    count.keys++
    count.combinations *= value.length
    const matchers = value.map((condition: unknown) => parseCondition(condition, refusal))
    return (lookup) => matchesAny(matchers, lookup(here))
  })
  return (lookup) => rules.every((rule) => rule(lookup))
}

function matchesAny(matchers: readonly Matcher[], values: readonly unknown[] | undefined): boolean {
  return matchers.some((matcher) =>
    matcher.wantsAbsence ? values === undefined : values?.some((value) => matcher.matches(value)) === true,
  )
}

const attributeLookup =
  (attributes: MessageAttributes): Lookup =>
  ([name = '']) => {
    if (!Object.hasOwn(attributes, name)) return undefined
    const attribute = attributes[name]
    if (attribute?.StringValue === undefined) return undefined
    if (attribute.DataType === 'String.Array') return arrayOf(attribute.StringValue)
    return [attribute.DataType.startsWith('Number') ? Number(attribute.StringValue) : attribute.StringValue]
  }

/** A `String.Array` is tested element by element; a text that is no JSON array has no elements. */
function arrayOf(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

/** Undefined where the body is no JSON object, which no body policy matches. */
function bodyLookup(body: string): Lookup | undefined {
  let root: unknown
  try {
    root = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof root !== 'object' || root === null) return undefined
  return (path) => {
    const found = path.reduce<unknown[]>((nodes, key) => nodes.flatMap((node) => child(node, key)), [root])
    return found.length === 0 ? undefined : found.flatMap((value) => (Array.isArray(value) ? value : [value]))
  }
}

/** Arrays of objects are looked into element by element. */
function child(node: unknown, key: string): unknown[] {
  if (Array.isArray(node)) return node.flatMap((element) => child(element, key))
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return []
  return [(node as Record<string, unknown>)[key]]
}
