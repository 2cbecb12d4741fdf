import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { deepestJson, parseJson, UnfitJson } from '#contracts/events/json-text.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import { unpacked } from './unpacked-body.ts'

/** SNS takes 256 KiB; a route that takes more has a `bodyLimit` of its own. Bytes, of the body as sent and once it is unpacked. */
export const bodyLimitBytes = 262_144

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON body as text, for what must be carried as it was written; empty if there is none. */
    bodyText: string
  }
}

/**
 * The only body that the API takes: JSON in UTF-8, by the rules that hold for events at every door (`parseJson`). The body's own object
 * is around the data, so it may have one level more.
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.decorateRequest('bodyText', '')
  app.addContentTypeParser<Buffer>(
    /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, sent: Buffer) => {
      const limit = request.routeOptions.bodyLimit ?? bodyLimitBytes
      const body = await unpacked(sent, request.headers['content-encoding'], limit)
      if (body.length === 0) {
        if (request.method === 'DELETE') return undefined
        throw new ApiProblem('invalid_json', 'the body is empty; send a JSON object')
      }
      if (!isUtf8(body)) throw new ApiProblem('invalid_json', 'the body is not valid UTF-8')
      request.bodyText = body.toString('utf8')
      return parsed(request.bodyText)
    },
  )
}

function parsed(text: string): unknown {
  try {
    return parseJson(text, deepestJson + 1)
  } catch (error) {
    if (error instanceof UnfitJson) throw inputProblem('invalid_body', [{ path: error.path, message: error.message }])
    throw new ApiProblem('invalid_json', error instanceof Error ? error.message : String(error))
  }
}
