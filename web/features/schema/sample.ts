import { type JsonSchema, resolve, withoutNull } from './json-schema.ts'

/** What a sample takes from outside, so that tests know it. */
export interface SampleSource {
  uuid: () => string
  now: () => Date
}

export const browserSource: SampleSource = {
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

/**
 * Data that fits a schema as far as the schema tells how: `default`, then `examples[0]`, then the value of `example`,
 * then a generated one. Without an example optional fields are filled too, so that a reader sees them all.
 */
export function sampleOf(root: JsonSchema, example: unknown, source: SampleSource): Record<string, unknown> {
  const made = sample(root, root, example, source, 0)
  return typeof made === 'object' && made !== null ? (made as Record<string, unknown>) : {}
}

function sample(given: JsonSchema, root: JsonSchema, example: unknown, source: SampleSource, depth: number): unknown {
  const { schema } = withoutNull(resolve(given, root))
  if (schema.default !== undefined) return schema.default
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.properties && (example === undefined || isObject(example))) {
    return objectOf(schema, root, isObject(example) ? example : undefined, source, depth)
  }
  if (example !== undefined) return example
  return generated(schema, root, source, depth)
}

function objectOf(
  schema: JsonSchema,
  root: JsonSchema,
  example: Record<string, unknown> | undefined,
  source: SampleSource,
  depth: number,
): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const required = schema.required?.includes(key) ?? false
    const wanted = required || (example === undefined ? depth < 4 : example[key] !== undefined)
    const preset = property.default !== undefined || property.examples?.[0] !== undefined
    if (wanted || preset) object[key] = sample(property, root, example?.[key], source, depth + 1)
  }
  // A schema that allows more keeps what the example has beyond it.
  for (const [key, value] of Object.entries(example ?? {})) if (!schema.properties?.[key]) object[key] = value
  return object
}

function generated(schema: JsonSchema, root: JsonSchema, source: SampleSource, depth: number): unknown {
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  const [choice] = schema.anyOf ?? schema.oneOf ?? []
  if (choice && schema.type === undefined) return sample(choice, root, undefined, source, depth + 1)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return text(schema, source)
    case 'number':
    case 'integer':
      return number(schema)
    case 'boolean':
      return true
    case 'array': {
      const length = depth > 6 ? (schema.minItems ?? 0) : Math.max(1, schema.minItems ?? 0)
      const items = schema.items ?? {}
      return Array.from({ length }, () => sample(items, root, undefined, source, depth + 1))
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
  return value.padEnd(schema.minLength ?? 0, '-').slice(0, schema.maxLength ?? undefined)
}

function number(schema: JsonSchema): number {
  const step = schema.multipleOf ?? 1
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema
  const low = Math.max(minimum ?? 1, exclusiveMinimum ?? -Infinity)
  const high = Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity)
  let value = Math.ceil(Math.min(low, high) / step) * step
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) value += step
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) value -= step
  const floor = Math.max(minimum ?? -Infinity, exclusiveMinimum ?? -Infinity)
  const fits = value >= (minimum ?? -Infinity) && value > (exclusiveMinimum ?? -Infinity) && value <= high
  // No whole step fits between narrow bounds: take the middle.
  return fits || schema.type === 'integer' || !Number.isFinite(floor + high) ? value : (floor + high) / 2
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
