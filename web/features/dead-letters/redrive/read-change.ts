import { ExactJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'

/** A change as it is typed: nothing, an object, or why it is not an object. */
export interface ReadChange {
  value?: Record<string, unknown>
  problem?: string
}

/** Reads the change that goes into all letters. An empty text, or one without fields, changes nothing. */
export function readChange(text: string): ReadChange {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = parseExact(text)
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'is not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactJson)
    return { problem: 'must be a JSON object, such as { "name": "Ada" }' }
  return Object.keys(value).length === 0 ? {} : { value: { ...value } }
}
