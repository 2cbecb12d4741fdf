import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { exactSchema } from '#contracts/events/exact-texts.ts'
import { type CompiledSchema, compileSchema } from '#contracts/schemas/compile-schema.ts'
import { type DataProblem, dataProblems } from '#contracts/schemas/data-problems.ts'
import {
  type CheckerLimits,
  createSchemaChecker,
  SchemaCheckerBusy,
  SchemaRefused,
  SchemaTooCostly,
} from '#contracts/schemas/schema-checker.ts'
import { ApiProblem, type InputError, inputProblem } from '../problem/problem.ts'

/**
 * Every error of data against one schema, with JSON pointers into the data; empty if it is valid. Numbers that are `ExactJson` are
 * compared by every digit.
 */
export type DataValidator = (data: unknown) => Promise<InputError[]>

/** A type that is saved has so much less time than one that is used, so that what was saved can be used on a busy machine too. */
const savingDeadlineMs = 1_000

/** Checks data against the schemas of event types. Schemas that a user gave are compiled and used in a thread that may be ended. */
export interface DataValidators {
  /** Rejects with the problems `schema_too_costly`, `validation_busy` and `invalid_schema`. */
  of(type: Pick<EventTypeDefinition, 'schema' | 'exact' | 'builtIn'>): DataValidator
  /** Tries a schema before it is saved: its compilation, its example, and an empty object. Rejects as the validator of `of` does. */
  probe(schema: Record<string, unknown>, example: unknown): Promise<InputError[]>
  close(): Promise<void>
}

export function createDataValidators(limits: Partial<CheckerLimits> = {}): DataValidators {
  const checker = createSchemaChecker(limits)
  const builtIn = new WeakMap<object, CompiledSchema>()

  function own(schema: Record<string, unknown>): CompiledSchema {
    const compiled = builtIn.get(schema) ?? compileSchema(schema, { allErrors: true })
    builtIn.set(schema, compiled)
    return compiled
  }
  const check = (...asked: Parameters<typeof checker.check>): Promise<DataProblem[]> =>
    checker.check(...asked).catch((error: unknown) => {
      throw problemOf(error)
    })

  return {
    of: (type) => async (data) => {
      if (!type.builtIn) return check(exactSchema(type), data)
      // The project's own schemas are no program that a user gave.
      const compiled = own(type.schema)
      if (!compiled.ok) throw refused(compiled.problems)
      return dataProblems(compiled.errorsOf(data), data)
    },
    async probe(schema, example) {
      const problems = await check(schema, example, savingDeadlineMs)
      if (problems.length === 0) await check(schema, {}, savingDeadlineMs)
      return problems
    },
    close: checker.close,
  }
}

const refused = (problems: readonly DataProblem[]): ApiProblem =>
  inputProblem(
    'invalid_schema',
    problems.map(({ path, message }) => ({ path: `/schema${path}`, message })),
  )

function problemOf(error: unknown): unknown {
  if (error instanceof SchemaRefused) return refused(error.problems)
  if (error instanceof SchemaTooCostly) {
    return new ApiProblem('schema_too_costly', `${error.message}; make the schema simpler, or the data smaller`)
  }
  if (error instanceof SchemaCheckerBusy) return new ApiProblem('validation_busy', `${error.message}; try again`)
  return error
}
