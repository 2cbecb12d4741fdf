import { ExactJson } from '#contracts/events/exact-json.ts'
import { type JsonSchema, resolve, type SubSchema, schemaKeywordsOf, takesNothing, withoutNull } from './json-schema.ts'

/** What a sample takes from outside, so that tests know it. */
export interface SampleSource {
  uuid: () => string
  now: () => Date
}

export const randomSource: SampleSource = {
  // Not crypto.randomUUID: browsers offer that one on https and localhost only.
  uuid: () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    const [version = 0, variant = 0] = [bytes[6], bytes[8]]
    bytes[6] = (version & 0x0f) | 0x40
    bytes[8] = (variant & 0x3f) | 0x80
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  },
  now: () => new Date(),
}

/** Values of one sample at most, and how deep they nest: a schema that goes on for ever ends in an empty object. */
const most = 2_000
const deepest = 10
/** Characters of a generated text, and items of a generated list, at most. */
const longest = 10_000
const widest = 100

/** The whole schema, and how many values may still be made. */
interface Whole {
  root: JsonSchema
  left: number
}

/**
 * Data that fits a schema as far as the schema describes it: `default`, then `examples[0]`, then the value of `example`,
 * then a generated one. Without an example optional fields are filled too, so that a reader sees them all.
 */
export function sampleOf(root: JsonSchema, example: unknown, source: SampleSource): Record<string, unknown> {
  const made = sample(root, { root, left: most }, example, source, 0)
  return typeof made === 'object' && made !== null ? (made as Record<string, unknown>) : {}
}

function sample(
  given: SubSchema | undefined,
  whole: Whole,
  example: unknown,
  source: SampleSource,
  depth: number,
): unknown {
  const { schema, nullable } = withoutNull(resolve(given, whole.root))
  whole.left -= 1
  if (schema.default !== undefined) return schema.default
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (example === undefined && nullable && depth >= deepest) return null
  if (schema.properties && (example === undefined || isObject(example))) {
    return objectOf(schema, whole, isObject(example) ? example : undefined, source, depth)
  }
  if (example !== undefined) return example
  return generated(schema, whole, source, depth)
}

function objectOf(
  schema: JsonSchema,
  whole: Whole,
  example: Record<string, unknown> | undefined,
  source: SampleSource,
  depth: number,
): Record<string, unknown> {
  const made: [string, unknown][] = []
  const properties = schemaKeywordsOf(schema.properties) as Record<string, SubSchema>
  const given = (key: string): unknown => (example && Object.hasOwn(example, key) ? example[key] : undefined)
  for (const [key, property] of Object.entries(properties)) {
    if (takesNothing(property) && given(key) === undefined) continue
    const required = schema.required?.includes(key) ?? false
    const isShallow = depth < 4 && whole.left > 0
    const wanted = (required && depth < deepest) || (example === undefined ? isShallow : given(key) !== undefined)
    const own = schemaKeywordsOf(property)
    const preset = own.default !== undefined || own.examples?.[0] !== undefined
    if (wanted || preset) made.push([key, sample(property, whole, given(key), source, depth + 1)])
  }
  // A schema that allows more keeps what the example has beyond it.
  for (const [key, value] of Object.entries(example ?? {})) if (!Object.hasOwn(properties, key)) made.push([key, value])
  // Not by assignment, which takes a key `__proto__` for something else.
  return Object.fromEntries(made)
}

function generated(schema: JsonSchema, whole: Whole, source: SampleSource, depth: number): unknown {
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  const choice = (schema.anyOf ?? schema.oneOf)?.find((one) => !takesNothing(one))
  if (choice !== undefined && schema.type === undefined && depth < deepest) {
    return sample(choice, whole, undefined, source, depth + 1)
  }
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return text(schema, source)
    case 'number':
    case 'integer':
      return number(schema)
    case 'boolean':
      return true
    case 'array': {
      if (depth >= deepest) return []
      const { items, minItems = 0 } = schema
      const first = schema.prefixItems ?? (Array.isArray(items) ? items : [])
      const rest = Array.isArray(items) ? undefined : items
      const isWanted = depth <= 6 && whole.left > 0 && first.length === 0 && !takesNothing(rest)
      const length = Math.min(widest, Math.max(isWanted ? 1 : 0, minItems, first.length))
      return Array.from({ length }, (_, index) => sample(first[index] ?? rest, whole, undefined, source, depth + 1))
    }
    case 'null':
      return null
    default:
      return {}
  }
}

function text(schema: JsonSchema, source: SampleSource): string {
  const now = source.now().toISOString()
  const byFormat: Record<string, string> = {
    uuid: source.uuid(),
    email: 'someone@example.com',
    'date-time': now,
    date: now.slice(0, 10),
    time: now.slice(11),
    uri: 'https://example.com/',
    hostname: 'example.com',
    ipv4: '192.0.2.1',
    ipv6: '2001:db8::1',
  }
  const value = (schema.format === undefined ? undefined : byFormat[schema.format]) ?? 'text'
  return value.padEnd(Math.min(schema.minLength ?? 0, longest), '-').slice(0, schema.maxLength ?? undefined)
}

function number(schema: JsonSchema): number {
  const step = schema.multipleOf ?? 1
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema
  const low = Math.max(minimum ?? 1, exclusiveMinimum ?? -Infinity)
  const high = Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity)
  // Fifteen digits: 3 × 0.1 is 0.3 for a reader.
  let value = Number((Math.ceil(Math.min(low, high) / step) * step).toPrecision(15))
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) value += step
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) value -= step
  const floor = Math.max(minimum ?? -Infinity, exclusiveMinimum ?? -Infinity)
  const fits = value >= (minimum ?? -Infinity) && value > (exclusiveMinimum ?? -Infinity) && value <= high
  // No whole step fits between narrow bounds: take the middle.
  return fits || schema.type === 'integer' || !Number.isFinite(floor + high) ? value : (floor + high) / 2
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactJson)
