import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { ExactJson } from '#contracts/events/exact-json.ts'

/** The key that the server takes where the publisher gives none: the value of the type's key field. */
export function keyOf(type: Pick<EventTypeDefinition, 'keyField'>, data: Record<string, unknown>): string | undefined {
  const value = type.keyField === undefined ? undefined : data[type.keyField]
  const isKey = typeof value === 'string' || typeof value === 'number' || value instanceof ExactJson
  return isKey ? String(value) : undefined
}
