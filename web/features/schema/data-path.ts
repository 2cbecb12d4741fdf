import type { FieldPath } from './schema-fields.ts'

/** The value at a path; undefined if there is none. */
export function valueAt(data: unknown, path: FieldPath): unknown {
  let at = data
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Object.hasOwn(at, step) ? (at as Record<string | number, unknown>)[step] : undefined
  }
  return at
}

/** A copy with the value set; `undefined` removes the field or the item. Missing objects on the way are made. */
export function withValueAt(data: unknown, path: FieldPath, value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(data) || (typeof step === 'number' && data === undefined)) {
    const items = Array.isArray(data) ? [...data] : []
    const index = Number(step)
    if (rest.length === 0 && value === undefined) items.splice(index, 1)
    else items[index] = withValueAt(items[index], rest, value)
    return items
  }
  const object = typeof data === 'object' && data !== null ? { ...(data as Record<string, unknown>) } : {}
  const next = withValueAt(Object.hasOwn(object, step) ? object[step] : undefined, rest, value)
  if (next === undefined) delete object[step]
  // Not by assignment, which takes a key `__proto__` for something else.
  else Object.defineProperty(object, step, { value: next, enumerable: true, configurable: true, writable: true })
  return object
}
