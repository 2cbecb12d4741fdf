import { ExactJson } from '../events/exact-json.ts'
import { jsonPointer } from '../json-pointer.ts'

const single = [
  ...['not', 'if', 'then', 'else', 'items', 'additionalItems', 'contains', 'additionalProperties', 'propertyNames'],
  ...['unevaluatedItems', 'unevaluatedProperties', 'contentSchema'],
]
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']
const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']

export type SchemaObject = Record<string, unknown>

/**
 * Visits a schema and every schema within it, each with its JSON pointer and how deep it is among JSON values. Only if a
 * keyword takes a schema: a property that is called `pattern`, or a value in `const`, is not a schema. Stops below one that `visit` answers
 * with false. Boolean schemas hold nothing and are not visited.
 */
export function walkSchema(
  schema: unknown,
  visit: (schema: SchemaObject, pointer: string, depth: number) => boolean,
  pointer = '',
  depth = 0,
): void {
  if (!isSchemaObject(schema) || !visit(schema, pointer, depth)) return
  const inside = (value: unknown, ...keys: (string | number)[]): void =>
    walkSchema(value, visit, pointer + jsonPointer(keys), depth + keys.length)
  for (const key of single) inside(schema[key], key)
  for (const key of lists) {
    const list = schema[key]
    if (Array.isArray(list)) for (const [index, item] of list.entries()) inside(item, key, index)
  }
  for (const key of maps) {
    const map = schema[key]
    if (isSchemaObject(map)) for (const [name, item] of Object.entries(map)) inside(item, key, name)
  }
}

export const isSchemaObject = (value: unknown): value is SchemaObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactJson)
