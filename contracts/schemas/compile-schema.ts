import { _, Ajv as Ajv7, type ErrorObject, type Options, str } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { builtInEventTypes } from '../events/catalogue.ts'
import { holdsExact, plainOf } from '../events/exact-numbers.ts'
import { pointedAt, pointerSegment } from '../json-pointer.ts'
import { type DataProblem, dataProblems } from './data-problems.ts'
import { type Dialect, dialectOf } from './dialects.ts'
import { addExactKeywords } from './exact-keywords.ts'
import { isMultipleOf } from './exact-multiple.ts'
import { createExactTwins } from './exact-twins.ts'
import { addInternationalFormats } from './international-formats.ts'
import { compilePattern, type LinearPattern } from './linear-pattern.ts'
import { patternsOf, schemaProblems } from './schema-problems.ts'
import { isSchemaObject, type SchemaObject, walkSchema } from './walk-schema.ts'

export interface CompileOptions {
  /** Whether a check goes on after the first thing that is wrong. */
  allErrors: boolean
}

type ErrorsOf = (data: unknown) => ErrorObject[]

export type CompiledSchema =
  | { ok: true /** What is wrong with the data, in ajv's terms; it may hold `ExactJson`. */; errorsOf: ErrorsOf }
  | { ok: false /** What is wrong with the schema, by JSON pointers into it. */; problems: DataProblem[] }

/**
 * Compiles a JSON Schema of 2020-12, 2019-09 or draft-07, as its `$schema` says. Formats are checked, `multipleOf` counts in decimals
 * and patterns take linear time. Unknown keywords and formats are mistakes here, not comments. A number that schema or data have as
 * `ExactJson` is compared by every digit.
 *
 * A schema can still take exponential time by its references: one that a user gave is compiled and used in a thread of its own on a
 * server (`schema-checker.ts`).
 */
export function compileSchema(schema: unknown, { allErrors }: CompileOptions): CompiledSchema {
  if (!isSchemaObject(schema)) return { ok: false, problems: [{ path: '', message: 'must be an object' }] }
  if (holdsExact(schema)) {
    const plain = compileSchema(plainOf(schema), { allErrors })
    return plain.ok ? { ok: true, errorsOf: exactErrors(schema, allErrors) } : plain
  }
  const dialect = dialectOf(schema.$schema) ?? '2020-12'
  const ajv = validatorOf(dialect, allErrors)
  const known = { formats: new Set(Object.keys(ajv.formats)), trusted: trustedPatterns() }
  const problems = schemaProblems(schema, known)
  if (problems.length > 0) return { ok: false, problems }
  if (ajv.validateSchema(schema) !== true) return { ok: false, problems: dataProblems(ajv.errors ?? [], schema) }
  try {
    const validate = ajv.compile(schema)
    let exactly: ErrorsOf | undefined
    const errorsOf: ErrorsOf = (data) => {
      if (!holdsExact(data)) return validate(data) === true ? [] : (validate.errors ?? [])
      exactly ??= exactErrors(schema, allErrors)
      return exactly(data)
    }
    return { ok: true, errorsOf }
  } catch (error) {
    return { ok: false, problems: [compileProblem(schema, error)] }
  }
}

/** Compares numbers by every digit. The schema was compiled without them before. */
function exactErrors(schema: SchemaObject, allErrors: boolean): ErrorsOf {
  const twins = createExactTwins()
  const ajv = validatorOf(dialectOf(schema.$schema) ?? '2020-12', allErrors)
  ajv.opts.validateSchema = false
  addExactKeywords(ajv, twins)
  const validate = ajv.compile(twins.copyOf(schema) as SchemaObject)
  return (data) => {
    const copy = twins.copyOf(data)
    twins.enter(copy)
    if (validate(copy) === true) return []
    return (validate.errors ?? []).map((error) => ({ ...error, data: pointedAt(data, error.instancePath) }))
  }
}

/** An instance each: an `$id` that two schemas share would be refused for the second. */
function validatorOf(dialect: Dialect, allErrors: boolean): Ajv7 {
  const Edition = { '2020-12': Ajv2020, '2019-09': Ajv2019, 'draft-07': Ajv7 }[dialect]
  // What strict mode would find is found by `schemaProblems`, which knows the place.
  const options: Options = { allErrors, verbose: true, strict: false, logger: false, code: { regExp: linear } }
  // Every object of JavaScript has a `constructor` and a `toString`; data has only what was sent.
  options.ownProperties = true
  const ajv = new Edition(options)
  formats.default(ajv)
  addInternationalFormats(ajv)
  ajv.removeKeyword('multipleOf')
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (step: number) => (value: number) => isMultipleOf(String(value), String(step)),
    error: {
      message: ({ schemaCode }) => str`must be multiple of ${schemaCode}`,
      params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}`,
    },
  })
  return ajv
}

const compiled = new Map<string, LinearPattern>()
const keptPatterns = 1_000

const linear = Object.assign(
  (pattern: string, flags: string): LinearPattern => {
    if (trustedPatterns().has(pattern)) return new RegExp(pattern, flags)
    const found = compiled.get(pattern) ?? compilePattern(pattern)
    if (compiled.size >= keptPatterns) compiled.clear()
    compiled.set(pattern, found)
    return found
  },
  // Ajv wants the source of the engine for code that it writes to files, which nobody asks for here.
  { code: 'linear' },
)

let trusted: ReadonlySet<string> | undefined
/** The patterns of the built-in types, which a user may copy. Some have look-arounds, and all are known to be fast. */
function trustedPatterns(): ReadonlySet<string> {
  if (trusted) return trusted
  const found = new Set<string>()
  for (const { schema } of builtInEventTypes) {
    walkSchema(schema, (node) => {
      for (const [, pattern] of patternsOf(node)) found.add(pattern)
      return true
    })
  }
  trusted = found
  return found
}

/** Names the place of what the compiler found: a reference that leads nowhere, a name that is given twice. */
function compileProblem(schema: SchemaObject, error: unknown): DataProblem {
  const message = error instanceof Error ? error.message : String(error)
  const reference = error instanceof Error && 'missingRef' in error ? String(error.missingRef) : undefined
  let path = ''
  walkSchema(schema, (node, pointer) => {
    for (const key of ['$ref', '$dynamicRef', '$recursiveRef', '$anchor', '$dynamicAnchor', '$id']) {
      const name = node[key]
      if (typeof name !== 'string' || name === '') continue
      const isReference = key.endsWith('ef')
      const named = isReference ? reference === name || reference?.endsWith(name) : message.includes(`"${name}"`)
      const anchored = !isReference && message.includes(`#${name}"`)
      // The last of two is the one too many.
      if (named || anchored) path = pointer + pointerSegment(key)
    }
    return true
  })
  if (reference === undefined) return { path, message }
  return { path, message: `leads nowhere within this schema ("#/$defs/…"); it names ${reference}` }
}
