import type { MessageAttributes } from '../message-attributes.ts'
import { parsePolicyJson } from '../policy-json.ts'
import { type Matcher, parseCondition } from './filter-condition.ts'

export type FilterScope = 'MessageAttributes' | 'MessageBody'

/** Says whether a message with these attributes and this body passes. */
export type Filter = (attributes: MessageAttributes, body: string) => boolean

/** What a key of the policy is looked up in: the values of one field, or undefined if there is no such field. */
type Lookup = (path: string) => readonly unknown[] | undefined
type Rule = (lookup: Lookup) => boolean

/** One condition of a key, and whether any value of the field meets it. */
export interface ConditionVerdict {
  /** As written in the policy. */
  condition: unknown
  passes: boolean
}

/** One key of a policy: its conditions, of which one has to pass; or those of `$or`, policies of which one has to. */
export interface KeyVerdict {
  /** With the names of levels, dots between. */
  key: string
  passes: boolean
  /** Values of the field, the first of them; absent if there is no such field. */
  found?: unknown[]
  conditions: ConditionVerdict[]
  /** Of `$or`. */
  anyOf?: KeyVerdict[][]
}

/** Why a message passes a policy or does not: all keys have to pass. */
export interface FilterVerdict {
  scope: FilterScope
  passes: boolean
  /** Of values, as AWS counts them against its limit. */
  combinations: number
  /** False for a body that is not a JSON object, which no policy of bodies matches. */
  readable: boolean
  keys: KeyVerdict[]
}

/** Quotas: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const maximumKeys = 5
const maximumCombinations = 150
/** Deeper policies and bodies than any has are not looked into. */
const maximumDepth = 100
export const maximumPolicyBytes = 262_144

/** Why a policy is refused, in AWS's words; the caller says where it was. */
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
  const { rule } = readPolicy(text, scope)
  if (scope === 'MessageAttributes') return (attributes) => rule(attributeLookup(attributes))
  return (_attributes, body) => {
    const lookup = bodyLookup(body)
    return lookup !== undefined && rule(lookup)
  }
}

/** The same policy, key by key and condition by condition. Throws `FilterPolicyError`. */
export function explainFilterPolicy(
  text: string,
  scope: FilterScope,
  attributes: MessageAttributes,
  body: string,
): FilterVerdict {
  const { explain, rule, combinations } = readPolicy(text, scope)
  const lookup = scope === 'MessageAttributes' ? attributeLookup(attributes) : bodyLookup(body)
  return {
    scope,
    passes: lookup !== undefined && rule(lookup),
    combinations,
    readable: lookup !== undefined,
    keys: explain(lookup ?? (() => undefined)),
  }
}

function readPolicy(text: string, scope: FilterScope): Compiled {
  if (Buffer.byteLength(text) > maximumPolicyBytes) throw refusal('Filter policy is too long')
  const policy = parsePolicyJson(text, refusal)
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw refusal('Filter is not an object')
  }
  const keys = new Set<string>()
  const compiled = compileNode(policy, [], scope, keys)
  if (keys.size > maximumKeys) throw refusal(`Filter policy can not have more than ${maximumKeys} keys`)
  if (compiled.combinations > maximumCombinations) throw refusal('Filter policy is too complex')
  return compiled
}

interface Compiled {
  rule: Rule
  /** Of values that it takes to test it, as AWS counts them. */
  combinations: number
  /** What the rule finds of each key. */
  explain: (lookup: Lookup) => KeyVerdict[]
}

function compileNode(policy: object, path: readonly string[], scope: FilterScope, keys: Set<string>): Compiled {
  if (path.length > maximumDepth) throw refusal('Filter policy is too complex')
  const entries = Object.entries(policy)
  if (entries.length === 0 && path.length > 0) throw refusal('Empty objects are not allowed')
  let combinations = 1
  const explains: Compiled['explain'][] = []
  const rules = entries.map(([key, value]): Rule => {
    const branches = branchesOf(key, value)
    if (branches !== undefined) {
      const any = branches.map((branch) => compileNode(branch, path, scope, keys))
      combinations *= any.reduce((sum, one) => sum + one.combinations, 0)
      const rule: Rule = (lookup) => any.some((branch) => branch.rule(lookup))
      explains.push((lookup) => [
        { key, passes: rule(lookup), conditions: [], anyOf: any.map(({ explain }) => explain(lookup)) },
      ])
      return rule
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
      explains.push(nested.explain)
      return nested.rule
    }
    if (value.length === 0) throw refusal('Empty arrays are not allowed')
    combinations *= value.length * here.length
    const matchers = value.map((condition: unknown) => parseCondition(condition, refusal))
    const name = here.join('.')
    explains.push((lookup) => [keyVerdict(name, value, matchers, lookup(name))])
    return (lookup) => matchesAny(matchers, lookup(name))
  })
  return {
    rule: (lookup) => rules.every((rule) => rule(lookup)),
    combinations,
    explain: (lookup) => explains.flatMap((explain) => explain(lookup)),
  }
}

/** Values of a field that are shown; an array in a body may have very many. */
const maximumFound = 20

function keyVerdict(
  key: string,
  conditions: readonly unknown[],
  matchers: readonly Matcher[],
  values: readonly unknown[] | undefined,
): KeyVerdict {
  return {
    key,
    passes: matchesAny(matchers, values),
    ...(values === undefined ? {} : { found: values.slice(0, maximumFound) }),
    conditions: matchers.map((matcher, index) => ({ condition: conditions[index], passes: meets(matcher, values) })),
  }
}

/** The policies of `$or`; undefined if the key is one like any other. */
function branchesOf(key: string, value: unknown): object[] | undefined {
  if (key !== '$or' || !Array.isArray(value) || value.length < 2) return undefined
  const objects = value.every((branch) => typeof branch === 'object' && branch !== null && !Array.isArray(branch))
  return objects ? (value as object[]) : undefined
}

function matchesAny(matchers: readonly Matcher[], values: readonly unknown[] | undefined): boolean {
  return matchers.some((matcher) => meets(matcher, values))
}

const meets = (matcher: Matcher, values: readonly unknown[] | undefined): boolean =>
  matcher.wantsAbsence ? values === undefined : values?.some((value) => matcher.matches(value)) === true

const attributeLookup =
  (attributes: MessageAttributes): Lookup =>
  (name) => {
    if (!Object.hasOwn(attributes, name)) return undefined
    const attribute = attributes[name]
    if (attribute?.StringValue === undefined) return undefined
    if (attribute.DataType === 'String.Array') return arrayOf(attribute.StringValue)
    return [attribute.DataType.startsWith('Number') ? Number(attribute.StringValue) : attribute.StringValue]
  }

/** A `String.Array` is tested element by element; a JSON value that is no array is its only one, other text has none. */
function arrayOf(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed)) return parsed
    return typeof parsed === 'object' && parsed !== null ? [] : [parsed]
  } catch {
    return []
  }
}

/** Undefined if the body is not a JSON object, which no body policy matches. */
function bodyLookup(body: string): Lookup | undefined {
  let root: unknown
  try {
    root = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return undefined
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

/** A value, or those of an array; an object is not a value. */
function leaves(value: unknown, found: unknown[], depth: number): void {
  if (depth > maximumDepth) return
  if (Array.isArray(value)) for (const one of value) leaves(one, found, depth + 1)
  else if (typeof value !== 'object' || value === null) found.push(value)
}
