import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { inputProblem } from '../problem/problem.ts'
import { inputErrors } from '../problem/zod-input-errors.ts'

/** Parses bodies and queries with their zod schemas; what is wrong becomes one problem with every error in it. */
export const zodValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const code = httpPart === 'body' ? 'invalid_body' : 'invalid_query'
  return (value: unknown) => {
    const result = schema.safeParse(value, { reportInput: true })
    return result.success ? { value: result.data } : { error: inputProblem(code, inputErrors(schema, result.error)) }
  }
}
