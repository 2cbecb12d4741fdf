import type { z } from 'zod'
import { closestName } from './closest-name.ts'
import { labFileSchema } from './editor-schema.ts'
import type { LabFileProblem } from './problem.ts'
import type { Path, YamlSource } from './yaml-source.ts'

type Issue = z.core.$ZodIssue

/** What does not have the form of a lab file, each at its place. */
export function shapeProblems(error: z.ZodError, source: YamlSource): LabFileProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], source))
}

function problemsOf(issue: Issue, above: Path, source: YamlSource): LabFileProblem[] {
  const path: Path = [...above, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))]
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path)
    return issue.keys.map((key) => {
      const closest = closestName(key, known)
      const remedy = closest === undefined ? `known: ${known.join(', ')}` : `closest is ${closest}`
      return source.problem([...path, key], 'is not known here', {
        remedy,
        at: 'key',
        ...(closest === undefined ? {} : { closest }),
      })
    })
  }
  if (issue.code === 'invalid_key') {
    return [source.problem(path, issue.issues[0]?.message ?? 'is not a valid name', { at: 'key' })]
  }
  if (issue.code === 'invalid_union') {
    // The branch whose kind of value it is says more than that none fits.
    const near = issue.errors.find(
      (issues) => !issues.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'),
    )
    if (near !== undefined && near.length > 0) return near.flatMap((inner) => problemsOf(inner, path, source))
  }
  return [source.problem(path, messageOf(issue, valueAt(source.value, path)))]
}

function messageOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return 'is missing'
      return `must be ${words[issue.expected] ?? issue.expected}, is ${kindOf(value)}`
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be at most ${issue.maximum}`
        : `must have at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be at least ${issue.minimum}`
        : `must have at least ${issue.minimum} ${issue.origin === 'string' ? 'character' : 'entry'}`
    default:
      return issue.message
  }
}

const words: Record<string, string> = {
  array: 'a list',
  object: 'a map',
  record: 'a map',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? 'a text' : `the ${typeof value} ${String(value)}`
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string | number, unknown>)[key]
  }
  return at
}

interface Schema {
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  items?: Schema
}

/** The keys that a map at this path may have. */
function knownKeys(path: Path): string[] {
  let at: Schema[] = [labFileSchema() as Schema]
  for (const key of path) {
    at = at
      .flatMap((schema): Schema[] => {
        const own = schema.properties?.[String(key)]
        if (own !== undefined) return [own]
        if (typeof key === 'number') return schema.items === undefined ? [] : [schema.items]
        return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
      })
      .flatMap((schema) => [schema, ...(schema.anyOf ?? [])])
  }
  return at.flatMap(({ properties = {} }) => Object.keys(properties))
}
