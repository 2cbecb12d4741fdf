import { z } from 'zod'
import { jsonPointer } from '#contracts/json-pointer.ts'
import type { InputError } from './problem.ts'

/** Every issue of a failed parse as path and sentence; unknown fields are named, beside those that are known. */
export function inputErrors(schema: z.ZodType, error: z.core.$ZodError): InputError[] {
  return error.issues.flatMap((issue): InputError[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = knownFields(schema, issue.path)
      const hint = known.length === 0 ? '' : `; known: ${known.join(', ')}`
      return issue.keys.map((key) => ({ path: jsonPointer([...issue.path, key]), message: `unknown field${hint}` }))
    }
    return [{ path: jsonPointer(issue.path), message: sentence(issue) }]
  })
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('received undefined')) {
    return `is required (${issue.expected})`
  }
  if (issue.code === 'invalid_union') {
    const options = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []))
    if (options.length > 0) return `must be one of ${[...new Set(options)].map(String).join(', ')}`
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  return issue.message.replace(/^Invalid input: /, '')
}

/** Names of the fields that an object takes at `path`; empty if the schema has no object there. */
function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema
  for (const segment of path) {
    const inner = unwrap(at)
    if (inner instanceof z.ZodObject) at = inner.shape[String(segment)]
    else if (inner instanceof z.ZodArray) at = inner.element
    else return []
  }
  const inner = unwrap(at)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
}

function unwrap(schema: unknown): unknown {
  let at = schema
  while (at instanceof z.ZodOptional || at instanceof z.ZodNullable || at instanceof z.ZodDefault) at = at.unwrap()
  return at
}
