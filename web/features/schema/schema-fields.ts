import {
  type JsonSchema,
  resolve,
  type SubSchema,
  schemaKeywordsOf,
  takesNothing,
  withoutNull,
} from '#contracts/schemas/json-schema.ts'

export type FieldPath = (string | number)[]

interface Common {
  /** Where the value is within the data. */
  path: FieldPath
  label: string
  required: boolean
  nullable: boolean
  /** What is asked of the value, in few words: `uuid, required`, `number ≥ 0`. */
  note: string
  description?: string
  /** What the schema calls it, where it has a name for a reader beyond its key. */
  title?: string
  unit?: string
}

/** A field of a form. `json` is the fallback for what has no form of its own: it is edited as JSON. */
export type SchemaField = Common &
  (
    | { kind: 'text'; format?: string; long: boolean }
    | { kind: 'number'; integer: boolean }
    | { kind: 'boolean' }
    | { kind: 'choice'; options: unknown[] }
    | { kind: 'constant'; value: unknown }
    | { kind: 'group'; fields: SchemaField[] }
    | { kind: 'rows'; columns: SchemaField[]; minItems: number }
    | { kind: 'list'; item: SchemaField; minItems: number }
    | { kind: 'json' }
  )

const deepest = 4
/** Fields of one form at most: what lies below more of them is edited as JSON. */
const most = 500

/** The whole schema, and how many fields may still be made. */
interface Whole {
  root: JsonSchema
  left: number
}

/** The form of an object schema: a field for every property, in the schema's order. Columns and items carry paths relative to their row. */
export function schemaFields(root: JsonSchema): SchemaField[] {
  return fieldsOf(resolve(root, root), { root, left: most }, [], 0)
}

/** A property that no value fits has no field. */
function fieldsOf(schema: JsonSchema, whole: Whole, path: FieldPath, depth: number): SchemaField[] {
  const properties = Object.entries(schemaKeywordsOf(schema.properties)).filter(
    ([, property]) => !takesNothing(property),
  )
  whole.left -= properties.length
  return properties.map(([key, property]) =>
    fieldOf(property as SubSchema, whole, [...path, key], key, schema.required?.includes(key) ?? false, depth),
  )
}

function fieldOf(
  given: SubSchema,
  whole: Whole,
  path: FieldPath,
  label: string,
  required: boolean,
  depth: number,
): SchemaField {
  const { schema, nullable } = withoutNull(resolve(given, whole.root))
  const common: Common = {
    path,
    label,
    required,
    nullable,
    note: [constraint(schema), nullable ? 'or null' : '', required ? 'required' : ''].filter(Boolean).join(', '),
    ...(schema.description === undefined ? {} : { description: schema.description }),
    ...(schema.title === undefined ? {} : { title: schema.title }),
    ...(schema.unit === undefined ? {} : { unit: schema.unit }),
  }
  if ('const' in schema) return { ...common, kind: 'constant', value: schema.const }
  if (schema.enum) return { ...common, kind: 'choice', options: schema.enum }
  switch (schema.type) {
    case 'string':
      return {
        ...common,
        kind: 'text',
        long: schema.format === undefined && (schema.maxLength ?? 0) > 1_000,
        ...(schema.format === undefined ? {} : { format: schema.format }),
      }
    case 'number':
    case 'integer':
      return { ...common, kind: 'number', integer: schema.type === 'integer' }
    case 'boolean':
      return { ...common, kind: 'boolean' }
    case 'object':
      if (!schema.properties || isDeep(whole, depth)) return { ...common, kind: 'json' }
      return { ...common, kind: 'group', fields: fieldsOf(schema, whole, path, depth + 1) }
    case 'array':
      return arrayField(common, schema, whole, depth)
    default:
      return { ...common, kind: 'json' }
  }
}

const isDeep = (whole: Whole, depth: number): boolean => depth >= deepest || whole.left <= 0

function arrayField(common: Common, schema: JsonSchema, whole: Whole, depth: number): SchemaField {
  const { items, prefixItems } = schema
  if (prefixItems || Array.isArray(items) || typeof items !== 'object' || isDeep(whole, depth))
    return { ...common, kind: 'json' }
  const minItems = schema.minItems ?? 0
  const item = fieldOf(items, whole, [], '', true, depth + 1)
  if (item.nullable) return { ...common, kind: 'json' }
  if (isCell(item)) return { ...common, kind: 'list', item, minItems }
  if (item.kind === 'group' && item.fields.length <= 5 && item.fields.every(isCell)) {
    return { ...common, kind: 'rows', columns: item.fields, minItems }
  }
  return { ...common, kind: 'json' }
}

const isCell = (field: SchemaField): boolean => ['text', 'number', 'boolean', 'choice'].includes(field.kind)

function constraint(schema: JsonSchema): string {
  const { type, format, minimum, maximum, exclusiveMinimum, exclusiveMaximum, minItems } = schema
  if (type === 'array') return minItems ? `at least ${minItems}` : 'list'
  if (type === 'string') return format === undefined || format === 'email' ? '' : format
  if (type !== 'number' && type !== 'integer') return ''
  // Bounds at the edge of what a double holds exactly say nothing: zod writes them for every integer.
  const said = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER
  const low = said(minimum) ? ` ≥ ${minimum}` : said(exclusiveMinimum) ? ` > ${exclusiveMinimum}` : ''
  const high = said(maximum) ? ` ≤ ${maximum}` : said(exclusiveMaximum) ? ` < ${exclusiveMaximum}` : ''
  return `${type}${low}${low && high ? ' and' : ''}${high}`
}
