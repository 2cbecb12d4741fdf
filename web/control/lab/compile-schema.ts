import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { ApiProblem, type InputError, inputProblem, pointerSegment } from '../problem/problem.ts'

/** Warnings of ajv about style, not about meaning. */
const lenient = { strictTypes: false, strictTuples: false, strictRequired: false } as const

/** Every error of `data` against one schema, with JSON pointers into `data`; empty where it is valid. */
export type DataValidator = (data: unknown) => InputError[]

/**
 * Compiles a JSON Schema 2020-12, formats included. Unknown keywords and formats are mistakes here, not comments.
 * Throws `invalid_schema` with paths under `/schema`.
 */
export function compileSchema(schema: Record<string, unknown>): DataValidator {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, ...lenient })
  formats.default(ajv)
  if (ajv.validateSchema(schema) !== true) {
    const errors = (ajv.errors ?? []).map((error) => ({
      path: `/schema${error.instancePath}`,
      message: sentence(error),
    }))
    throw inputProblem('invalid_schema', unique(errors))
  }
  return errorsOf(compiled(ajv, schema))
}

function compiled(ajv: Ajv2020, schema: Record<string, unknown>): ValidateFunction {
  try {
    return ajv.compile(schema)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ApiProblem('invalid_schema', message, { errors: [{ path: '/schema', message }] })
  }
}

function errorsOf(validate: ValidateFunction): DataValidator {
  return (data) => {
    if (validate(data)) return []
    const errors = validate.errors ?? []
    // A schema made by zod has a pattern beside each format; the name of the format says more.
    const formatted = new Set(errors.flatMap(({ keyword, instancePath }) => (keyword === 'format' ? instancePath : [])))
    const reported = errors.filter(({ keyword, instancePath }) => keyword !== 'pattern' || !formatted.has(instancePath))
    return unique(reported.map((error) => ({ path: pathOf(error), message: sentence(error, data) })))
  }
}

/** A missing or unknown field is reported at its own path, where a form shows it. */
function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  if (keyword === 'required') return `${instancePath}/${pointerSegment(params.missingProperty)}`
  if (keyword === 'additionalProperties') return `${instancePath}/${pointerSegment(params.additionalProperty)}`
  if (keyword === 'unevaluatedProperties') return `${instancePath}/${pointerSegment(params.unevaluatedProperty)}`
  return instancePath
}

function sentence(error: ErrorObject, data?: unknown): string {
  const { keyword, params, message = 'is not valid' } = error
  if (keyword === 'required') return 'is required'
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const known = isObject(error.parentSchema?.properties) ? Object.keys(error.parentSchema.properties) : []
    return known.length === 0 ? 'unknown field' : `unknown field; known: ${known.join(', ')}`
  }
  if (keyword === 'enum')
    return `must be one of ${params.allowedValues.map((value: unknown) => JSON.stringify(value)).join(', ')}`
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`
  const found = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'type'].includes(keyword)
    ? valueAt(data, error.instancePath)
    : undefined
  const shown = typeof found === 'number' || typeof found === 'boolean' || found === null ? `, is ${found}` : ''
  return `${message}${shown}`
}

function valueAt(data: unknown, pointer: string): unknown {
  let at: unknown = data
  for (const segment of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<string, unknown>)[segment.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return at
}

function unique(errors: InputError[]): InputError[] {
  const seen = new Set<string>()
  return errors.filter(({ path, message }) => {
    const key = `${path}\n${message}`
    return !seen.has(key) && seen.add(key)
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
