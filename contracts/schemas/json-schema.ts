import { ExactJson } from '#contracts/events/exact-json.ts'
import { plainOf } from '#contracts/events/exact-numbers.ts'
import { walkSchema } from '#contracts/schemas/walk-schema.ts'
import { pointedAt, pointerOfFragment } from '../json-pointer.ts'

/** The part of JSON Schema that forms and samples understand. Anything else is left to the validator. */
export interface JsonSchema {
  $ref?: string
  $defs?: Record<string, SubSchema>
  type?: string | string[]
  title?: string
  description?: string
  /** Of a number, for a reader: `ms`. */
  unit?: string
  properties?: Record<string, SubSchema>
  required?: string[]
  /** A list of them is draft-07's name for `prefixItems`. */
  items?: SubSchema | SubSchema[]
  prefixItems?: SubSchema[]
  not?: unknown
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  anyOf?: SubSchema[]
  oneOf?: SubSchema[]
}

/** A schema within a schema: `true` takes any value, `false` none. */
export type SubSchema = JsonSchema | boolean

/** The schema as keywords: one that takes everything, or is not a schema, has none. A bound is a number, a value keeps its digits. */
export function schemaKeywordsOf(schema: unknown): JsonSchema {
  if (!isRecord(schema)) return {}
  const exact = bounds.filter((name) => schema[name] instanceof ExactJson)
  if (exact.length === 0) return schema
  return { ...schema, ...Object.fromEntries(exact.map((name) => [name, plainOf(schema[name])])) }
}

const bounds = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
]

/** Whether no value at all is taken: `false`, and `{ not: {} }` in any wording. */
export function takesNothing(schema: unknown): boolean {
  if (schema === false) return true
  if (!isRecord(schema) || !('not' in schema)) return false
  const { not } = schema
  return not === true || (isRecord(not) && Object.keys(not).length === 0)
}

/**
 * The schema behind a local `$ref` (a JSON pointer, an `$anchor`, or the whole), with the keywords that are beside the reference;
 * the schema itself if it has none or the reference leads nowhere. References that lead in a circle say nothing.
 */
export function resolve(schema: SubSchema | undefined, root: JsonSchema): JsonSchema {
  let at: unknown = schema
  let beside: JsonSchema = {}
  for (let step = 0; step < 20; step++) {
    if (takesNothing(at)) return { ...beside, not: {} }
    const { $ref, ...own } = schemaKeywordsOf(at)
    const target = typeof $ref === 'string' ? targetOf($ref, root) : undefined
    if (target === undefined) return { ...schemaKeywordsOf(at), ...beside }
    beside = { ...own, ...beside }
    at = target
  }
  return beside
}

function targetOf(reference: string, root: JsonSchema): unknown {
  if (!reference.startsWith('#')) return undefined
  const pointer = pointerOfFragment(reference.slice(1))
  return pointer === '' || pointer.startsWith('/') ? pointedAt(root, pointer) : anchored(pointer, root)
}

function anchored(name: string, root: JsonSchema): unknown {
  let found: unknown
  walkSchema(root, (schema) => {
    if (schema.$anchor === name || schema.$dynamicAnchor === name || schema.$id === `#${name}`) found ??= schema
    return found === undefined
  })
  return found
}

/** Splits `null` off: `type: ['string', 'null']` and `anyOf: [x, {type: 'null'}]` are the same nullable x. */
export function withoutNull(schema: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const types = schema.type.filter((type) => type !== 'null')
    return { schema: { ...schema, type: types.length === 1 ? types[0] : types }, nullable: true }
  }
  const choices = schema.anyOf ?? schema.oneOf
  const rest = choices?.filter((choice) => schemaKeywordsOf(choice).type !== 'null')
  const [only] = rest ?? []
  if (choices && rest && isRecord(only) && rest.length === 1 && choices.length === 2) {
    const { anyOf: _any, oneOf: _one, ...outer } = schema
    return { schema: { ...outer, ...only }, nullable: true }
  }
  return { schema, nullable: false }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
