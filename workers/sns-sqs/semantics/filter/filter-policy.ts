import type { MessageAttributes } from '../message-attributes.ts'
import { type Matcher, parseCondition } from './filter-condition.ts'

export type FilterScope = 'MessageAttributes' | 'MessageBody'

/** Says whether a message with these attributes and this body passes. */
export type Filter = (attributes: MessageAttributes, body: string) => boolean

/** What a key of the policy is looked up in: the values of one field, or undefined where there is no such field. */
type Lookup = (path: string) => readonly unknown[] | undefined
type Rule = (lookup: Lookup) => boolean

/** Quotas: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const maximumKeys = 5
const maximumCombinations = 150
/** Deeper policies and bodies than any has are not looked into. */
const maximumDepth = 100
export const maximumPolicyBytes = 262_144

/** Why a policy is refused, in AWS's words; the caller says where it stood. */
export class FilterPolicyError extends Error {
  override readonly name = 'FilterPolicyError'
}

const refusal = (reason: string): FilterPolicyError => new FilterPolicyError(`FilterPolicy: ${reason}`)

/**
 * Compiles a filter policy. All keys must match, any condition of a key's list is enough, `$or` takes a list of policies. A key with dots
 * and nested keys mean the same, in the policy as in a body. Throws `FilterPolicyError`.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function compileFilterPolicy(text: string, scope: FilterScope): Filter {
  if (Buffer.byteLength(text) > maximumPolicyBytes) throw refusal('Filter policy is too long')
  let policy: unknown
  try {
    policy = JSON.parse(text)
  } catch {
    throw refusal('failed to parse JSON.')
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw refusal('Filter is not an object')
  }
  const keys = new Set<string>()
  const { rule, combinations } = compileNode(policy, [], scope, keys)
  if (keys.size > maximumKeys) throw refusal(`Filter policy can not have more than ${maximumKeys} keys`)
  if (combinations > maximumCombinations) throw refusal('Filter policy is too complex')
  if (scope === 'MessageAttributes') return (attributes) => rule(attributeLookup(attributes))
  return (_attributes, body) => {
    const lookup = bodyLookup(body)
    return lookup !== undefined && rule(lookup)
  }
}

interface Compiled {
  rule: Rule
  /** Of values that it takes to test it, as AWS counts them. */
  combinations: number
}

function compileNode(policy: object, path: readonly string[], scope: FilterScope, keys: Set<string>): Compiled {
  if (path.length > maximumDepth) throw refusal('Filter policy is too complex')
  const entries = Object.entries(policy)
  if (entries.length === 0 && path.length > 0) throw refusal('Empty objects are not allowed')
  let combinations = 1
  const rules = entries.map(([key, value]): Rule => {
    const branches = branchesOf(key, value)
    if (branches !== undefined) {
      const any = branches.map((branch) => compileNode(branch, path, scope, keys))
      combinations *= any.reduce((sum, one) => sum + one.combinations, 0)
      return (lookup) => any.some(({ rule }) => rule(lookup))
    }
    const here = [...path, key]
    keys.add(here[0] ?? '')
    if (!Array.isArray(value)) {
      if (typeof value !== 'object' || value === null) throw refusal(`"${key}" must be an object or an array`)
      const nested = compileNode(value, here, scope, keys)
      if (scope === 'MessageAttributes') {
        throw new FilterPolicyError('Filter policy scope MessageAttributes does not support nested filter policy')
      }
      combinations *= nested.combinations
      return nested.rule
    }
    if (value.length === 0) throw refusal('Empty arrays are not allowed')
    combinations *= value.length * here.length
    const matchers = value.map((condition: unknown) => parseCondition(condition, refusal))
    const name = here.join('.')
    return (lookup) => matchesAny(matchers, lookup(name))
  })
  return { rule: (lookup) => rules.every((rule) => rule(lookup)), combinations }
}

/** The policies of `$or`; undefined where the key is one like any other. */
function branchesOf(key: string, value: unknown): object[] | undefined {
  if (key !== '$or' || !Array.isArray(value) || value.length < 2) return undefined
  const objects = value.every((branch) => typeof branch === 'object' && branch !== null && !Array.isArray(branch))
  return objects ? (value as object[]) : undefined
}

function matchesAny(matchers: readonly Matcher[], values: readonly unknown[] | undefined): boolean {
  return matchers.some((matcher) =>
    matcher.wantsAbsence ? values === undefined : values?.some((value) => matcher.matches(value)) === true,
  )
}

const attributeLookup =
  (attributes: MessageAttributes): Lookup =>
  (name) => {
    if (!Object.hasOwn(attributes, name)) return undefined
    const attribute = attributes[name]
    if (attribute?.StringValue === undefined) return undefined
    if (attribute.DataType === 'String.Array') return arrayOf(attribute.StringValue)
    return [attribute.DataType.startsWith('Number') ? Number(attribute.StringValue) : attribute.StringValue]
  }

/** A `String.Array` is tested element by element; a text that is not a JSON array has no elements. */
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
    const found: unknown[] = []
    collect(root, path, found, 0)
    return found.length === 0 ? undefined : found
  }
}

/** Values at a path, wherever its dots are levels and wherever they are part of a name. Arrays are looked into element by element. */
function collect(node: unknown, path: string, found: unknown[], depth: number): void {
  if (typeof node !== 'object' || node === null || depth > maximumDepth) return
  if (Array.isArray(node)) {
    for (const element of node) collect(element, path, found, depth + 1)
    return
  }
  for (const key of Object.keys(node)) {
    const value = (node as Record<string, unknown>)[key]
    if (key === path) leaves(value, found, depth)
    else if (path.length > key.length && path.startsWith(key) && path[key.length] === '.') {
      collect(value, path.slice(key.length + 1), found, depth + 1)
    }
  }
}

/** A value, or those of an array; an object is no value. */
function leaves(value: unknown, found: unknown[], depth: number): void {
  if (depth > maximumDepth) return
  if (Array.isArray(value)) for (const one of value) leaves(one, found, depth + 1)
  else if (typeof value !== 'object' || value === null) found.push(value)
}
