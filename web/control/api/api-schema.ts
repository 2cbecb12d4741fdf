import { z } from 'zod'
import { type ErrorCode, errorCodes, problem } from '#contracts/errors.ts'

/** A page of a list. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() })

/** Codes that every route can answer with. */
const everywhere: ErrorCode[] = [
  'bad_request',
  'unauthorized',
  'foreign_origin',
  'foreign_host',
  'too_many_requests',
  'internal',
]

/** The responses of a route's problems for its OpenAPI description: by status, with the codes in words. */
export function problems(...codes: ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of [...codes, ...everywhere]) {
    const { status } = errorCodes[code]
    byStatus.set(status, [...new Set([...(byStatus.get(status) ?? []), code])])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      status,
      {
        description: names.map((name) => `\`${name}\`: ${errorCodes[name].title}`).join('. '),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  )
}

/** What a JSON body can be refused for. */
export const bodyProblems: ErrorCode[] = ['invalid_body', 'invalid_json', 'too_large', 'unsupported_media_type']

/** A success with its description. */
export const answer = (description: string, schema: z.ZodType, contentType = 'application/json') => ({
  description,
  content: { [contentType]: { schema } },
})
