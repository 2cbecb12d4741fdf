import { writeJson } from '#contracts/events/exact-json.ts'
import {
  type JsonSchema,
  resolve,
  type SubSchema,
  schemaKeywordsOf,
  takesNothing,
} from '#contracts/schemas/json-schema.ts'

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g

/** A piece of a filled-in template; `field` is set where it represents a placeholder. */
export interface TemplatePiece {
  text: string
  field?: string
  /** Whether the data has a value for it. */
  filled?: boolean
}

/** The template with the values of an event, in pieces, so that a preview can mark what was filled in. */
export function fillTemplate(template: string, data: unknown): TemplatePiece[] {
  const pieces: TemplatePiece[] = []
  let at = 0
  for (const match of template.matchAll(placeholder)) {
    if (match.index > at) pieces.push({ text: template.slice(at, match.index) })
    const field = match[1] ?? ''
    const value = valueIn(data, field)
    pieces.push({ text: shown(value), field, filled: value !== undefined })
    at = match.index + match[0].length
  }
  if (at < template.length) pieces.push({ text: template.slice(at) })
  return pieces
}

/** Placeholders that no event of the schema can fill: not under `data.`, or a field that the schema does not have. */
export function unknownPlaceholders(template: string, schema: JsonSchema): string[] {
  const names = [...template.matchAll(placeholder)].map((match) => match[1] ?? '')
  return [...new Set(names)].filter((name) => !isKnown(name, schema))
}

function isKnown(name: string, root: JsonSchema): boolean {
  const [head, ...path] = name.split('.')
  if (head !== 'data' || path.length === 0) return false
  let at: SubSchema | undefined = root
  for (const step of path) {
    if (at === undefined || takesNothing(at)) return false
    const here: JsonSchema = resolve(at, root)
    const { items, prefixItems } = here
    const list = prefixItems ?? (Array.isArray(items) ? items : undefined)
    // Only a schema that names its fields can say that it has no such field.
    const isNamed = here.properties !== undefined || items !== undefined || list !== undefined
    if (!isNamed) return true
    const properties = schemaKeywordsOf(here.properties) as Record<string, SubSchema>
    const item = list?.[Number(step)] ?? (Array.isArray(items) ? undefined : items)
    if (/^\d+$/.test(step) && item !== undefined) at = item
    else at = Object.hasOwn(properties, step) ? properties[step] : undefined
  }
  return at !== undefined && !takesNothing(at)
}

function valueIn(data: unknown, name: string): unknown {
  const [head, ...path] = name.split('.')
  if (head !== 'data' || path.length === 0) return undefined
  let at: unknown = data
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}

const shown = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : writeJson(value)
