import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { ApiProblem } from '../problem/problem.ts'

/** SNS takes 256 KiB; nothing else that the API takes is larger. */
export const bodyLimitBytes = 262_144

/**
 * The only body that the API takes: JSON (RFC 8259) in UTF-8. Repeated keys keep the last one, as JSON.parse does.
 * `__proto__` and `constructor.prototype` keys are refused, so that no copy of the data can reach a prototype.
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<Buffer>(
    /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i,
    { parseAs: 'buffer' },
    (request, body, done) => {
      if (body.length === 0) {
        if (request.method === 'DELETE') return done(null, undefined)
        return done(new ApiProblem('invalid_json', 'the body is empty; send a JSON object'))
      }
      if (!isUtf8(body)) return done(new ApiProblem('invalid_json', 'the body is not valid UTF-8'))
      parseJson(request, body.toString('utf8'), (error: Error | null, value?: unknown) => {
        if (error) done(new ApiProblem('invalid_json', reason(error)))
        else done(null, value)
      })
    },
  )
}

function reason(error: Error & { code?: string }): string {
  if (error.message.includes('forbidden prototype property')) {
    return 'a key is named __proto__ or constructor.prototype, which is refused; rename it'
  }
  return error.cause instanceof Error ? error.cause.message : error.message
}
