import type { EventTypeDefinition } from './event-type.ts'
import { keepsNumbers, parseExact } from './exact-numbers.ts'

type Contents = Pick<EventTypeDefinition, 'schema' | 'example' | 'exact'>

/**
 * Schema and example from their JSON texts: as values, to compute with, and as text, to carry, where JavaScript has no room for a
 * number in them. Both are objects.
 */
export function contentsFrom(schema: string, example: string): Contents {
  const exact = {
    ...(keepsNumbers(schema) ? {} : { schema }),
    ...(keepsNumbers(example) ? {} : { example }),
  }
  return {
    schema: JSON.parse(schema),
    example: JSON.parse(example),
    ...(Object.keys(exact).length === 0 ? {} : { exact }),
  }
}

/** Schema and example to be written as JSON: each number has the digits that it was given. */
export function shownContents({ schema, example, exact }: Contents): Pick<Contents, 'schema' | 'example'> {
  const shown = (value: Record<string, unknown>, text: string | undefined): Record<string, unknown> =>
    text === undefined ? value : { ...(parseExact(text) as object) }
  return { schema: shown(schema, exact?.schema), example: shown(example, exact?.example) }
}

const exactSchemas = new WeakMap<object, Record<string, unknown>>()

/** The schema to check data by: of the same type it is the same object. */
export function exactSchema({ schema, exact }: Pick<Contents, 'schema' | 'exact'>): Record<string, unknown> {
  if (exact?.schema === undefined) return schema
  const known = exactSchemas.get(schema) ?? (parseExact(exact.schema) as Record<string, unknown>)
  exactSchemas.set(schema, known)
  return known
}

/** With every digit of its numbers, as it was declared. */
export const exampleText = ({ example, exact }: Pick<Contents, 'example' | 'exact'>): string =>
  exact?.example ?? JSON.stringify(example)
