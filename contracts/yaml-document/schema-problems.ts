import { z } from 'zod'
import { ExactJson } from '../events/exact-json.ts'
import { nameRemedy } from './closest-name.ts'
import type { FileProblem } from './file-problem.ts'
import type { YamlDocument } from './read-yaml.ts'

type Issue = z.core.$ZodIssue

/** Between cause and remedy in a message of a schema: `is not a duration; write 30s`. */
const divider = '; '

/**
 * Reads `value` by a schema. Every problem is at its place in the document, `path` being where `value` is in it. A message
 * of the schema that holds `; ` says a cause before it and a remedy after it.
 */
export function readBySchema<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  document: YamlDocument,
  path: readonly PropertyKey[] = [],
): { data?: z.output<Schema>; problems: FileProblem[] } {
  const result = schema.safeParse(value, { reportInput: true, error: knownKeys })
  if (result.success) return { data: result.data, problems: [] }
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, document, path)) }
}

/** Tells, as its message, which keys the object takes: the issue alone does not know. */
const knownKeys: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'unrecognized_keys') return undefined
  const { inst } = issue
  return inst instanceof z.ZodObject ? Object.keys(inst.shape).join(' ') : ''
}

function problemsOf(issue: Issue, document: YamlDocument, before: readonly PropertyKey[]): FileProblem[] {
  const path = [...before, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ').filter((name) => name !== '')
    return issue.keys.map((key) =>
      document.problemAt([...path, key], `"${key}" is not known here`, nameRemedy(key, known), 'key'),
    )
  }
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue.errors)
    if (branch) return branch.flatMap((inner) => problemsOf(inner, document, path))
  }
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues
    return [document.problemAt(path, `the name ${inner?.message ?? 'is not valid'}`, '', 'key')]
  }
  if (issue.code === 'invalid_value') {
    const names = issue.values.map(String)
    if (issue.input === undefined)
      return [missing(document, path, `write ${names.length === 1 ? names[0] : `one of ${names.join(', ')}`}`)]
    return [document.problemAt(path, `${shown(issue.input)} is not known here`, nameRemedy(String(issue.input), names))]
  }
  const own = issue.message.startsWith('Invalid input') ? undefined : issue.message
  const limit = limitProblem(issue)
  if (limit !== undefined) return [document.problemAt(path, ...limit)]
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [
      missing(document, path, own === undefined ? `add it: ${kinds[issue.expected] ?? issue.expected}` : remedyOf(own)),
    ]
  }
  if (own !== undefined) {
    const [cause = own] = own.split(divider)
    return [document.problemAt(path, cause, remedyOf(own))]
  }
  const expected = issue.code === 'invalid_type' ? (kinds[issue.expected] ?? issue.expected) : 'something else'
  return [document.problemAt(path, `${shown(issue.input)} is not ${expected}`, `write ${expected}`)]
}

/** Cause and remedy where a limit of the schema is passed that has no message of its own. */
function limitProblem(issue: Issue): [string, string] | undefined {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined
  if (!/^Too (small|big): /.test(issue.message)) return undefined
  const [limit, word] = issue.code === 'too_small' ? [issue.minimum, 'least'] : [issue.maximum, 'most']
  const isNumber = issue.origin === 'number' || issue.origin === 'int'
  const isOne = Number(limit) === 1
  const what = isNumber
    ? ''
    : issue.origin === 'string'
      ? ` character${isOne ? '' : 's'}`
      : isOne
        ? ' entry'
        : ' entries'
  const remedy =
    issue.inclusive === false ? `${word === 'least' ? 'more' : 'less'} than ${limit}` : `at ${word} ${limit}`
  return [`${shown(issue.input)} is too ${sizes[issue.code][isNumber ? 0 : 1]}`, `write ${remedy}${what}`]
}

const sizes = { too_small: ['small', 'short'], too_big: ['large', 'long'] } as const

const remedyOf = (message: string): string => message.split(divider).slice(1).join(divider)

const missing = (document: YamlDocument, path: readonly PropertyKey[], remedy: string): FileProblem =>
  document.problemAt(path, `"${String(path.at(-1) ?? 'the file')}" is missing`, remedy)

/** The branch that fits best: the one whose problems lie deepest, then the one with the fewest. */
function bestBranch(branches: readonly Issue[][]): Issue[] | undefined {
  const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length))
  return [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0]
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 60)}"`
  if (Array.isArray(value)) return 'a list'
  if (value instanceof ExactJson) return String(value).slice(0, 60)
  if (typeof value === 'object' && value !== null) return 'a group of keys'
  return value === null ? 'an empty value' : String(value)
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
}
