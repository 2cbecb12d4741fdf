import fc from 'fast-check'
import { hostileText, hostileValue } from './hostile-values.ts'
import type { ValueSchema } from './operations.ts'

/** What means something to the lab, so that requests reach beyond the checks of their form. */
export interface Known {
  /** For places where any text may be. */
  words: readonly string[]
  /** By the name of the field or parameter. */
  byName: Record<string, readonly unknown[]>
  /** Bodies that are taken, by operation. */
  bodies: Record<string, readonly unknown[]>
}

export interface ValueOptions {
  known: Known
  /** Of ten values, how many are hostile at each place. */
  hostileOfTen: number
}

/** A copy with one value, at any depth, in the place of another. */
export function withOneOf(value: unknown, hostile: unknown, turn: number): unknown {
  if (typeof value !== 'object' || value === null || turn % 5 === 0) return hostile
  const entries = Object.entries(value)
  const at = turn % (entries.length + 1)
  const next = Math.floor(turn / (entries.length + 1))
  const changed = entries.map(([name, inner], index) => [name, index === at ? withOneOf(inner, hostile, next) : inner])
  if (Array.isArray(value)) return changed.map(([, inner]) => inner)
  return Object.fromEntries(at === entries.length ? [...changed, ['extra', hostile]] : changed)
}

/** Values that a JSON Schema takes, mixed with hostile ones at every depth. `name`: of the field that it is for. */
export function valuesOf(schema: ValueSchema, options: ValueOptions, name = ''): fc.Arbitrary<unknown> {
  const { hostileOfTen, known } = options
  const named = known.byName[name] ?? []
  const fits = fitting(schema, options, name)
  return fc.oneof(
    { weight: 10 - hostileOfTen, arbitrary: named.length > 0 ? fc.constantFrom(...named) : fits },
    { weight: hostileOfTen, arbitrary: fc.oneof(hostileValue, fits) },
  )
}

function fitting(schema: ValueSchema, options: ValueOptions, name: string): fc.Arbitrary<unknown> {
  const { words } = options.known
  const choices = schemasIn(schema.anyOf ?? schema.oneOf)
  if (choices.length > 0) return fc.oneof(...choices.map((one) => valuesOf(one, options, name)))
  if ('const' in schema) return fc.constant(schema.const)
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return fc.constantFrom<unknown>(...schema.enum)
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? moments : fc.constantFrom(...words)
    case 'integer':
      return fc.oneof(fc.integer(range(schema)), fc.integer({ ...range(schema), max: Math.max(range(schema).min, 50) }))
    case 'number':
      return fc.double({ ...range(schema), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(valuesOf(schemaIn(schema.items), options, name), { minLength: 1, maxLength: 3 })
    case 'object':
      return objects(schema, options)
    default:
      return fc.dictionary(fc.constantFrom(...words), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
  }
}

const moments = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((at) => at.toISOString())

function objects(schema: ValueSchema, options: ValueOptions): fc.Arbitrary<unknown> {
  const properties = Object.entries(schemaIn(schema.properties)).map(
    ([name, inner]) => [name, schemaIn(inner)] as const,
  )
  if (properties.length === 0)
    return fc.dictionary(fc.constantFrom(...options.known.words), hostileValue, { maxKeys: 3 })
  const required = Array.isArray(schema.required) ? schema.required.map(String) : []
  const known = fc.record(
    Object.fromEntries(properties.map(([name, inner]) => [name, valuesOf(inner, options, name)])),
    { requiredKeys: required.filter((name) => properties.some(([own]) => own === name)) },
  )
  const extra = fc.dictionary(hostileText, hostileValue, { maxKeys: 1 })
  return fc.oneof(
    { weight: 10 - options.hostileOfTen, arbitrary: known },
    {
      weight: options.hostileOfTen,
      arbitrary: fc.tuple(known, extra).map(([own, more]) => Object.assign({}, own, more)),
    },
  )
}

const schemasIn = (value: unknown): ValueSchema[] => (Array.isArray(value) ? value.map(schemaIn) : [])
const schemaIn = (value: unknown): ValueSchema =>
  typeof value === 'object' && value !== null ? (value as ValueSchema) : {}

const widest = 2 ** 31 - 1
function range({ minimum, exclusiveMinimum, maximum }: ValueSchema): { min: number; max: number } {
  const low = minimum ?? exclusiveMinimum
  return {
    min: Math.max(-widest, typeof low === 'number' ? low : -widest),
    max: Math.min(widest, typeof maximum === 'number' ? maximum : widest),
  }
}
