import type { ErrorObject } from 'ajv'
import { ExactJson, writeJson } from '../events/exact-json.ts'
import { pointedAt, pointerSegment } from '../json-pointer.ts'
import { isSchemaObject } from './walk-schema.ts'

/** What is wrong where; `path` is a JSON pointer (RFC 6901). */
export interface DataProblem {
  path: string
  message: string
}

/** More are not reported: each could be one of millions. */
const most = 1_000

/** Errors of ajv in words, each at the path where a form shows it, none twice. */
export function dataProblems(errors: readonly ErrorObject[], data: unknown): DataProblem[] {
  // A schema made by zod has a pattern beside each format; the name of the format says more.
  const formatted = new Set(errors.flatMap(({ keyword, instancePath }) => (keyword === 'format' ? instancePath : [])))
  const seen = new Map<string, DataProblem>()
  for (const error of errors) {
    if (seen.size >= most) break
    if (error.keyword === 'pattern' && formatted.has(error.instancePath)) continue
    const problem = { path: pathOf(error), message: sentence(error, data) }
    seen.set(`${problem.path}\n${problem.message}`, problem)
  }
  return [...seen.values()]
}

/** A missing or unknown field is reported at its own path, where a form shows it. */
function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  if (keyword === 'required') return instancePath + pointerSegment(params.missingProperty)
  if (keyword === 'additionalProperties') return instancePath + pointerSegment(params.additionalProperty)
  if (keyword === 'unevaluatedProperties') return instancePath + pointerSegment(params.unevaluatedProperty)
  return instancePath
}

const isPlain = (value: unknown): boolean => typeof value === 'boolean' || value === null || value instanceof ExactJson

function sentence(error: ErrorObject, data?: unknown): string {
  const { keyword, params, message = 'is not valid' } = error
  if (keyword === 'required') return 'is required'
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const known = isSchemaObject(error.parentSchema?.properties) ? Object.keys(error.parentSchema.properties) : []
    return known.length === 0 ? 'unknown field' : `unknown field; known: ${known.join(', ')}`
  }
  if (keyword === 'enum')
    return `must be one of ${params.allowedValues.map((value: unknown) => writeJson(value)).join(', ')}`
  if (keyword === 'const') return `must be ${writeJson(params.allowedValue)}`
  const found = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'type'].includes(keyword)
    ? pointedAt(data, error.instancePath)
    : undefined
  // A number beyond 2^53 that came without its digits is not shown: it is not the one that was sent.
  const isPrintable =
    typeof found === 'number' ? Number.isSafeInteger(found) || !Number.isInteger(found) : isPlain(found)
  const shown = isPrintable ? `, is ${found}` : ''
  return `${message}${shown}`
}
