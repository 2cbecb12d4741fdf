import { type Node, parseTree } from 'jsonc-parser'
import { decimalOf } from '../../events/decimal.ts'
import { isArrayIndex, pathOfPointer } from '../../json-pointer.ts'

/** JSON as it is written: numbers are their text, so that none loses a digit. Of a repeated name the last counts. */
export type JsonValue =
  | { kind: 'number' | 'string' | 'literal'; text: string }
  | { kind: 'array'; items: JsonValue[] }
  | { kind: 'object'; fields: Map<string, JsonValue> }

/** Levels beyond which a text is not read; no consumer makes anything of data that goes half as deep. */
const deepest = 2_000

/** Reads JSON text. Throws if it is not JSON, or nests more than 2,000 levels deep. */
export function readJson(json: string): JsonValue {
  if (depthOf(json) > deepest) throw new Error(`the JSON text is nested more than ${deepest} levels deep`)
  JSON.parse(json)
  const root = parseTree(json)
  if (root === undefined) throw new Error('the text is not JSON')
  return nodeValue(root, json)
}

function nodeValue(node: Node, json: string): JsonValue {
  const { type, children = [] } = node
  if (type === 'array') return { kind: 'array', items: children.map((child) => nodeValue(child, json)) }
  if (type === 'object') {
    const fields = new Map<string, JsonValue>()
    for (const { children: [name, value] = [] } of children) {
      if (name && value) fields.set(String(name.value), nodeValue(value, json))
    }
    return { kind: 'object', fields }
  }
  if (type === 'string') return { kind: 'string', text: String(node.value) }
  const text = json.slice(node.offset, node.offset + node.length)
  return { kind: type === 'number' ? 'number' : 'literal', text }
}

/** Brackets that are open at once, whatever is in strings. */
function depthOf(json: string): number {
  let depth = 0
  let most = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    most = Math.max(most, depth)
  }
  return most
}

/** The value at a JSON pointer (RFC 6901); undefined if there is none. */
export function jsonValueAt(root: JsonValue, pointer: string): JsonValue | undefined {
  return pathOfPointer(pointer).reduce<JsonValue | undefined>(fieldOf, root)
}

/** A field of an object, or an item of an array by its number; undefined if there is none. */
export function fieldOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (value?.kind === 'object') return value.fields.get(name)
  if (value?.kind === 'array' && isArrayIndex(name)) return value.items[Number(name)]
  return undefined
}

export const isNull = (value: JsonValue | undefined): boolean => value?.kind === 'literal' && value.text === 'null'

/** Whether two values say the same: numbers by their value, objects whatever the order of their fields. */
export function isSame(a: JsonValue, b: JsonValue): boolean {
  if (a.kind === 'array' && b.kind === 'array') {
    return a.items.length === b.items.length && a.items.every((item, index) => isSameOrNone(item, b.items[index]))
  }
  if (a.kind === 'object' && b.kind === 'object') {
    return (
      a.fields.size === b.fields.size && [...a.fields].every(([name, value]) => isSameOrNone(value, b.fields.get(name)))
    )
  }
  if (a.kind === 'number' && b.kind === 'number') return decimalOf(a.text) === decimalOf(b.text)
  return 'text' in a && 'text' in b && a.kind === b.kind && a.text === b.text
}

const isSameOrNone = (a: JsonValue, b: JsonValue | undefined): boolean => b !== undefined && isSame(a, b)

/** A value as JSON without white space, its numbers as they were written. */
export function printed(value: JsonValue): string {
  if (value.kind === 'array') return `[${value.items.map(printed).join(',')}]`
  if (value.kind === 'object') {
    return `{${[...value.fields].map(([name, field]) => `${JSON.stringify(name)}:${printed(field)}`).join(',')}}`
  }
  return value.kind === 'string' ? JSON.stringify(value.text) : value.text
}
