import { ExactJson, writeJson } from '#contracts/events/exact-json.ts'
import { pointerSegment } from '#contracts/json-pointer.ts'

/** A value that an edit took away, put in place of another, or added. */
export interface PayloadChange {
  /** JSON pointer; empty for the whole. */
  path: string
  before?: string
  after?: string
}

/** What differs between two JSON values, smallest parts first; a list is compared item by item. */
export function payloadChanges(before: unknown, after: unknown, path = ''): PayloadChange[] {
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => payloadChanges(at(before, key), at(after, key), path + pointerSegment(key)))
  }
  const [old, now] = [before, after].map((value) => (value === undefined ? undefined : writeJson(value)))
  if (old === now) return []
  return [{ path, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) }]
}

type Tree = Record<string, unknown> | unknown[]
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !(value instanceof ExactJson)
const at = (tree: Tree, key: string): unknown =>
  Object.hasOwn(tree, key) ? (tree as Record<string, unknown>)[key] : undefined
