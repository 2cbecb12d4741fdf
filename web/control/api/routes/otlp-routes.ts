import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorCodes } from '#contracts/errors.ts'
import { contentTypes, encodingOf, exportAnswer, statusAnswer } from '../../otlp/answers.ts'
import { jsonLogs, jsonSpans } from '../../otlp/decode-json.ts'
import { protobufLogs, protobufSpans } from '../../otlp/decode-protobuf.ts'
import { bodyBytesMax } from '../../otlp/limits.ts'
import { type Report, type ReportedLog, type ReportedSpan, UndecodableReport } from '../../otlp/reported.ts'
import { ApiProblem } from '../../problem/problem.ts'
import { apiProblemOf } from '../answer-problems.ts'
import { readOff } from '../read-off.ts'
import { acceptedEncodings, unpacked } from '../unpacked-body.ts'
import type { ZodApp } from '../zod-app.ts'

/** Who takes what programs report of themselves. */
export interface ProgramReports {
  /** Whether a request shows the token of a replica, or that of the lab. */
  admits(headers: IncomingHttpHeaders): boolean
  /** Takes on the work of one request. Undefined: there is too much of it at the moment. */
  begin(): { end(bytes: number): void } | undefined
  takeSpans(spans: readonly ReportedSpan[]): void
  takeLogs(logs: readonly ReportedLog[]): void
  /** Called with an error that is the lab's own fault. */
  failed(error: Error): void
}

/** Seconds after which a sender that was put off may try again. */
const retryAfterSeconds = 1

/**
 * The receiver of OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp): protobuf and JSON, plain or packed. It is not the
 * lab's API: its answers, errors too, have the encoding of the request and the messages of that protocol.
 */
export function otlpRoutes(app: ZodApp, { reports }: { reports: ProgramReports }): void {
  app.register(async (scope: FastifyInstance) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      /^application\/(?:x-protobuf|json)\s*(?:;.*)?$/i,
      { parseAs: 'buffer', bodyLimit: bodyBytesMax },
      async (request: FastifyRequest, sent: Buffer) =>
        unpacked(sent, request.headers['content-encoding'], bodyBytesMax),
    )
    scope.addHook('onRequest', async (request, reply) => {
      if (!reports.admits(request.headers))
        throw new ApiProblem('unauthorized', 'send the headers that OTEL_EXPORTER_OTLP_HEADERS names')
      const work = reports.begin()
      if (!work) throw new Busy()
      // Also if the sender hangs up half-way.
      reply.raw.once('close', () => work.end(lengthOf(request)))
    })
    scope.setErrorHandler(async (error: FastifyError, request, reply) => {
      const { status, message } = reasonOf(error)
      if (status === 500) reports.failed(error)
      else await readOff(request.raw)
      return answerError(status, message, request, reply)
    })

    const route = <Item>(
      signal: 'traces' | 'logs',
      decode: Record<'protobuf' | 'json', (body: Buffer) => Report<Item>>,
      take: (items: readonly Item[]) => void,
    ): void => {
      // What may be asked of it is the protocol's to say, so the description of the API leaves it out.
      const options = { schema: { hide: true }, config: { open: true }, bodyLimit: bodyBytesMax }
      scope.post(`/v1/${signal}`, options, async (request, reply) => {
        const encoding = encodingOf(request.headers['content-type'])
        const report = decode[encoding](Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
        take(report.items)
        return send(reply, 200, contentTypes[encoding], exportAnswer(encoding, signal, report))
      })
    }
    route('traces', { protobuf: protobufSpans, json: jsonSpans }, reports.takeSpans)
    route(
      'logs',
      {
        protobuf: (body) => protobufLogs(body, Date.now()),
        json: (body) => jsonLogs(body, Date.now()),
      },
      reports.takeLogs,
    )
  })
}

/** More is under way, or came within the last second, than the lab takes. */
class Busy extends Error {
  override readonly name = 'Busy'
}

const lengthOf = ({ body }: FastifyRequest): number => (Buffer.isBuffer(body) ? body.length : 0)

function answerError(status: number, message: string, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const encoding = encodingOf(headers['content-type'])
  if (status === 429) reply.header('retry-after', retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="Faultline"')
  if (status === 415 && headers['content-encoding'] !== undefined) reply.header('accept-encoding', acceptedEncodings)
  return send(reply, status, contentTypes[encoding], statusAnswer(encoding, status, message))
}

function reasonOf(error: FastifyError): { status: number; message: string } {
  if (error instanceof UndecodableReport) return { status: 400, message: error.message }
  if (error instanceof Busy) return { status: 429, message: 'programs report more than the lab takes; send it again' }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { status: 413, message: `the body has more than ${bodyBytesMax} bytes` }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return { status: 415, message: 'send application/x-protobuf or application/json' }
  const { code, message } = apiProblemOf(error)
  return { status: errorCodes[code].status, message }
}

const send = (reply: FastifyReply, status: number, type: string, body: Buffer): FastifyReply =>
  reply.status(status).type(type).send(body)
