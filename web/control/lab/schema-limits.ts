import { type InputError, jsonPointer } from '../problem/problem.ts'
import { isSlowPattern } from './slow-pattern.ts'

/** Bounds of a JSON Schema that a user gives; every worker compiles it. */
export const schemaLimits = { bytes: 64 * 1024, depth: 32, patternLength: 500, uniqueItems: 1_000 } as const

const dialect = 'https://json-schema.org/draft/2020-12/schema'

/**
 * What a schema may not do, apart from being valid: name another dialect, fetch a remote schema, be huge, or hold a
 * check whose time grows beyond the size of the data (a backtracking pattern, `uniqueItems` of long arrays).
 */
export function schemaLimitErrors(schema: Record<string, unknown>, at = '/schema'): InputError[] {
  const errors: InputError[] = []
  const bytes = Buffer.byteLength(JSON.stringify(schema))
  if (bytes > schemaLimits.bytes) {
    return [{ path: at, message: `is ${bytes} bytes as JSON; at most ${schemaLimits.bytes}` }]
  }
  const said = schema.$schema
  if (said !== undefined && (typeof said !== 'string' || said.replace(/#$/, '') !== dialect)) {
    errors.push({ path: `${at}/$schema`, message: `must be "${dialect}" or absent` })
  }
  walk(schema, [], (node, path) => {
    const here = (key: string): string => at + jsonPointer([...path, key])
    if (path.length > schemaLimits.depth) {
      errors.push({ path: at + jsonPointer(path), message: `is nested deeper than ${schemaLimits.depth} levels` })
      return false
    }
    for (const key of ['$ref', '$dynamicRef']) {
      const target = node[key]
      if (typeof target === 'string' && !target.startsWith('#')) {
        errors.push({ path: here(key), message: `must stay within this schema ("#/$defs/…"); it names ${target}` })
      }
    }
    const patterns: [string, string][] = []
    if (typeof node.pattern === 'string') patterns.push([here('pattern'), node.pattern])
    if (isObject(node.patternProperties)) {
      for (const pattern of Object.keys(node.patternProperties)) {
        patterns.push([at + jsonPointer([...path, 'patternProperties', pattern]), pattern])
      }
    }
    for (const [where, pattern] of patterns) {
      if (pattern.length > schemaLimits.patternLength) {
        errors.push({ path: where, message: `is longer than ${schemaLimits.patternLength} characters` })
      } else if (isSlowPattern(pattern)) {
        errors.push({ path: where, message: 'takes exponential time on some texts; do not repeat a repeated group' })
      }
    }
    if (node.uniqueItems === true && !(Number(node.maxItems) <= schemaLimits.uniqueItems)) {
      errors.push({
        path: here('uniqueItems'),
        message: `needs a maxItems of at most ${schemaLimits.uniqueItems} beside it`,
      })
    }
    return true
  })
  return errors
}

/** Visits every object of a schema, literal values (`const`, `enum`, `default`, `examples`) left out. */
function walk(
  node: unknown,
  path: readonly PropertyKey[],
  visit: (node: Record<string, unknown>, path: readonly PropertyKey[]) => boolean,
): void {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) walk(item, [...path, index], visit)
    return
  }
  if (!isObject(node) || !visit(node, path)) return
  for (const [key, value] of Object.entries(node)) {
    if (!['const', 'enum', 'default', 'examples'].includes(key)) walk(value, [...path, key], visit)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
