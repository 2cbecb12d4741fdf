import type { ErrorObject } from 'ajv'
import { ExactJson, writeJson } from '#contracts/events/exact-json.ts'
import { pointerSegment } from '#contracts/json-pointer.ts'
import { compileSchema } from '#contracts/schemas/compile-schema.ts'

/** What is wrong where; `path` is a JSON pointer into the data. */
export interface FormProblem {
  path: string
  message: string
}

export type Validator =
  | { ok: true /** Every problem of the data, at most one a place. */; check: (data: unknown) => FormProblem[] }
  | { ok: false /** What is wrong with the schema itself, as pointers into it. */; problems: FormProblem[] }

/** Compiles a JSON Schema as the server does, and describes problems of data in the page's own words. */
export function validatorOf(schema: unknown): Validator {
  const compiled = compileSchema(schema, { allErrors: true })
  if (!compiled.ok) {
    // The first at a place is the one that names the mistake.
    const first = new Map(compiled.problems.toReversed().map((problem) => [problem.path, problem]))
    return { ok: false, problems: [...first.values()].toReversed() }
  }
  return {
    ok: true,
    check: (data) => {
      try {
        return problemsOf(compiled.errorsOf(data))
      } catch (error) {
        // A recursive schema and data that nests deeper than the stack: the server says the rest.
        if (error instanceof RangeError) return [{ path: '', message: 'is nested too deep to be checked' }]
        throw error
      }
    },
  }
}

function problemsOf(errors: ErrorObject[]): FormProblem[] {
  const byPath = new Map<string, FormProblem>()
  // A pattern comes last: where a format says the same (zod writes both), the format says it in words.
  const ordered = [...errors].sort((a, b) => Number(a.keyword === 'pattern') - Number(b.keyword === 'pattern'))
  for (const error of ordered) {
    const problem = problemOf(error)
    if (problem && !byPath.has(problem.path)) byPath.set(problem.path, problem)
  }
  return [...byPath.values()]
}

function problemOf(error: ErrorObject): FormProblem | undefined {
  const { instancePath: path, keyword, params, data } = error
  const at = (message: string): FormProblem => ({ path, message })
  const inside = (key: unknown, message: string): FormProblem => ({
    path: path + pointerSegment(String(key)),
    message,
  })
  switch (keyword) {
    case 'required':
      return inside(params.missingProperty, 'is required')
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return inside(params.additionalProperty ?? params.unevaluatedProperty, 'is not a field of this type')
    case 'type':
      return at(`must be ${list(params.type)}, is ${kindOf(data)}`)
    case 'enum':
      return at(`must be one of ${(params.allowedValues as unknown[]).map((value) => show(value)).join(', ')}`)
    case 'const':
      return at(`must be ${show(params.allowedValue)}`)
    case 'format':
      return at(data === '' ? `must be ${named(params.format)}, is empty` : `must be ${named(params.format)}`)
    case 'minimum':
      return at(`must be at least ${params.limit}, is ${show(data)}`)
    case 'maximum':
      return at(`must be at most ${params.limit}, is ${show(data)}`)
    case 'exclusiveMinimum':
      return at(`must be greater than ${params.limit}, is ${show(data)}`)
    case 'exclusiveMaximum':
      return at(`must be less than ${params.limit}, is ${show(data)}`)
    case 'multipleOf':
      return at(`must be a multiple of ${params.multipleOf}, is ${show(data)}`)
    case 'minLength':
      return at(params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`)
    case 'maxLength':
      return at(`must have at most ${params.limit} characters`)
    case 'minItems':
      return at(`must have at least ${params.limit} ${params.limit === 1 ? 'item' : 'items'}`)
    case 'maxItems':
      return at(`must have at most ${params.limit} items`)
    case 'if':
    case '$ref':
      return undefined
    default:
      return at(error.message ?? `does not fulfil ${keyword}`)
  }
}

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : typeof value === 'number' || value instanceof ExactJson
      ? String(value)
      : Array.isArray(value)
        ? 'a list'
        : article(typeof value)
const article = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`)
const list = (types: unknown): string =>
  [types]
    .flat()
    .map((type) => (type === 'null' ? 'null' : article(String(type))))
    .join(' or ')
const show = (value: unknown): string => (typeof value === 'string' ? value : writeJson(value))
const formats: Record<string, string> = {
  uuid: 'a uuid',
  email: 'an e-mail address',
  'date-time': 'a date and time (RFC 3339)',
  date: 'a date (YYYY-MM-DD)',
  uri: 'a URI',
}
const named = (format: unknown): string => formats[String(format)] ?? `a valid ${format}`
