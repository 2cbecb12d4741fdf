import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import { type ErrorCode, errorCodes } from '#contracts/errors.ts'
import { ApiProblem, problemDocument } from '../problem/problem.ts'
import { bodyLimitBytes } from './json-body.ts'
import { readOff } from './read-off.ts'
import { createRouteIndex } from './route-index.ts'
import { acceptedEncodings } from './unpacked-body.ts'

const problemType = 'application/problem+json'

/** Errors of fastify itself that a caller can mend. */
const frameworkProblems: Record<string, { code: ErrorCode; detail: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'send the body as JSON with the header "Content-Type: application/json"',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'bad_request', detail: 'the body is not as long as Content-Length says' },
  FST_ERR_BAD_URL: { code: 'bad_request', detail: 'the address is not valid: a % is not followed by two hex digits' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'bad_request', detail: 'the address is too long' },
}

/** Paths under which nothing but the API answers; everything else falls to the pages. */
const apiPath = /^\/(?:api|event|healthz|readyz|problems|socket\.io|v1)(?:\/|$)/

type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Every error below the API becomes a problem document; what it has no route for goes to the pages, or is 404 or 405. */
export function answerProblems(app: FastifyInstance, options: { log: Logger; pages?: PageHandler | undefined }): void {
  const routes = createRouteIndex(app)

  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const problem = apiProblemOf(error, request.routeOptions.bodyLimit)
    // RFC 9110, 15.5.16: an encoding that is refused is answered with those that are not.
    if (problem.code === 'unsupported_media_type' && request.headers['content-encoding'] !== undefined) {
      reply.header('accept-encoding', acceptedEncodings)
    }
    if (problem.code === 'internal') {
      options.log.error({ err: error, method: request.method, url: request.url }, `the API failed: ${error.message}`)
    }
    if (problem.code === 'too_large') await readOff(request.raw)
    return sendProblem(reply, problem)
  })

  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const reading = request.method === 'GET' || request.method === 'HEAD'
    if (options.pages && reading && !apiPath.test(path)) {
      reply.hijack()
      return options.pages(request.raw, reply.raw)
    }
    const methods = routes.methodsOf(path)
    if (methods.length > 0) {
      reply.header('allow', methods.join(', '))
      throw new ApiProblem('method_not_allowed', `${request.method} is not among ${methods.join(', ')}`)
    }
    throw new ApiProblem(
      'not_found',
      `there is nothing at ${path.slice(0, 200)}; GET /api/openapi.json lists what there is`,
    )
  })
}

export function sendProblem(reply: FastifyReply, { code, message, extra }: ApiProblem): FastifyReply {
  if (code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="Faultline"')
  // Serialised here: an error answer must not fail for want of a schema.
  const body = JSON.stringify(problemDocument(code, message, extra))
  return reply.status(errorCodes[code].status).type(problemType).serializer(String).send(body)
}

/** `bodyLimit`: bytes that the route takes. */
export function apiProblemOf(error: Error & { code?: string }, bodyLimit = bodyLimitBytes): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiProblem('too_large', `the body has more than ${bodyLimit} bytes, the most that is taken here`)
  const known = error.code === undefined ? undefined : frameworkProblems[error.code]
  if (known) return new ApiProblem(known.code, known.detail)
  return new ApiProblem('internal', 'an unexpected error; the log of web has it')
}

/** Answers bytes that are not an HTTP request, or one whose headers are too large or too slow. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const detail =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'the headers are larger than 16 KiB'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'the request took too long to arrive'
        : 'this is not an HTTP/1.1 request'
  const body = JSON.stringify(problemDocument('bad_request', detail))
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
