import { z } from 'zod'

/** The part of JSON Schema that describes requests. */
export type ValueSchema = Record<string, unknown>

/** One call of the API, as its own description has it. */
export interface Operation {
  id: string
  method: string
  /** With `{name}` for each path parameter. */
  path: string
  parameters: { name: string; in: 'path' | 'query'; schema: ValueSchema }[]
  body?: ValueSchema
}

const schema = z.record(z.string(), z.unknown())
const described = z.object({
  operationId: z.string(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(['path', 'query']), schema: schema.default({}) }))
    .default([]),
  requestBody: z.object({ content: z.object({ 'application/json': z.object({ schema }) }) }).optional(),
})
const description = z.object({ paths: z.record(z.string(), z.record(z.string(), described)) })

/** Every call in an OpenAPI document, in its order. */
export function operationsOf(document: unknown): Operation[] {
  return Object.entries(description.parse(document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters, requestBody }]): Operation => {
      const body = requestBody?.content['application/json'].schema
      return { id: operationId, method: method.toUpperCase(), path, parameters, ...(body ? { body } : {}) }
    }),
  )
}
