import { jsonPointer } from '../json-pointer.ts'
import type { DataProblem } from './data-problems.ts'
import { dialectOf, dialects, keywordsOf } from './dialects.ts'
import { compilePattern, UnusablePattern } from './linear-pattern.ts'
import { isSchemaObject, type SchemaObject, walkSchema } from './walk-schema.ts'

/** Bounds of a JSON Schema that a user gives; every worker compiles it. */
export const schemaLimits = { bytes: 64 * 1024, depth: 32, patternLength: 500, uniqueItems: 1_000 } as const

/** Which formats are known, and which patterns are taken though RE2 cannot match them: the project's own. */
export interface SchemaKnowledge {
  formats: ReadonlySet<string>
  trusted: ReadonlySet<string>
}

/**
 * What is wrong with a schema beyond what the schema of its edition says, by JSON pointers into it: an edition that is not taken,
 * a keyword or format that nobody knows, a pattern that has no linear time, depth and size.
 */
export function schemaProblems(schema: SchemaObject, known: SchemaKnowledge): DataProblem[] {
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length
  if (bytes > schemaLimits.bytes) {
    return [{ path: '', message: `is ${bytes} bytes as JSON; at most ${schemaLimits.bytes}` }]
  }
  const dialect = dialectOf(schema.$schema)
  if (dialect === undefined) {
    const taken = Object.keys(dialects).join('", "')
    return [{ path: '/$schema', message: `must be one of "${taken}", or absent` }]
  }
  const keywords = keywordsOf[dialect]
  const problems: DataProblem[] = []
  walkSchema(schema, (node, pointer, depth) => {
    if (depth > schemaLimits.depth) {
      problems.push({ path: pointer, message: `is nested deeper than ${schemaLimits.depth} levels` })
      return false
    }
    const at = (message: string, ...keys: string[]): void =>
      void problems.push({ path: pointer + jsonPointer(keys), message })
    for (const key of Object.keys(node)) {
      if (key === '$async') at('is refused: it would let every value through', key)
      else if (!keywords.has(key)) at(`is not a keyword of JSON Schema ${dialect}`, key)
    }
    if (depth > 0 && node.$schema !== undefined && dialectOf(node.$schema) !== dialect) {
      at(`must be the edition of the whole schema, ${dialect}`, '$schema')
    }
    if (typeof node.format === 'string' && !known.formats.has(node.format)) {
      at(`is not a known format; known: ${[...known.formats].sort().join(', ')}`, 'format')
    }
    for (const [keys, pattern] of patternsOf(node)) {
      const wrong = known.trusted.has(pattern) ? undefined : patternProblem(pattern)
      if (wrong !== undefined) at(wrong, ...keys)
    }
    if (node.uniqueItems === true && !(Number(node.maxItems) <= schemaLimits.uniqueItems)) {
      at(`needs a maxItems of at most ${schemaLimits.uniqueItems} beside it`, 'uniqueItems')
    }
    return true
  })
  return problems
}

/** Every pattern of one schema, with the keys that lead to it. */
export function patternsOf(node: SchemaObject): [string[], string][] {
  const own: [string[], string][] = typeof node.pattern === 'string' ? [[['pattern'], node.pattern]] : []
  const byName = isSchemaObject(node.patternProperties) ? Object.keys(node.patternProperties) : []
  return [...own, ...byName.map((pattern): [string[], string] => [['patternProperties', pattern], pattern])]
}

function patternProblem(pattern: string): string | undefined {
  if (pattern.length > schemaLimits.patternLength) return `is longer than ${schemaLimits.patternLength} characters`
  try {
    compilePattern(pattern)
    return undefined
  } catch (error) {
    if (error instanceof UnusablePattern) return error.message
    throw error
  }
}
