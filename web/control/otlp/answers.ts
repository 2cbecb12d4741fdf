import protobuf from 'protobufjs/minimal.js'
import type { Report } from './reported.ts'

/** The encodings of OTLP over HTTP; an answer has that of its request. */
export type Encoding = 'protobuf' | 'json'

export const contentTypes: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** The encoding that a Content-Type names; what it does not name is answered in JSON. */
export const encodingOf = (contentType: string | undefined): Encoding =>
  /^application\/x-protobuf\b/i.test(contentType ?? '') ? 'protobuf' : 'json'

/** `ExportTraceServiceResponse` or `ExportLogsServiceResponse`: empty, or how many items were refused and why. */
export function exportAnswer(
  encoding: Encoding,
  signal: 'traces' | 'logs',
  { refused, reason = '' }: Pick<Report<unknown>, 'refused' | 'reason'>,
): Buffer {
  if (encoding === 'json') {
    const count = signal === 'traces' ? 'rejectedSpans' : 'rejectedLogRecords'
    const body = refused === 0 ? {} : { partialSuccess: { [count]: String(refused), errorMessage: reason } }
    return Buffer.from(JSON.stringify(body))
  }
  const writer = protobuf.Writer.create()
  if (refused > 0) writer.uint32(10).fork().uint32(8).int64(refused).uint32(18).string(reason).ldelim()
  return Buffer.from(writer.finish())
}

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html, by the status of HTTP. */
const statusCodes: Record<number, number> = { 400: 3, 401: 16, 403: 7, 413: 8, 415: 3, 429: 8, 503: 14 }

/** `google.rpc.Status`, the body of every answer that is not a success. */
export function statusAnswer(encoding: Encoding, httpStatus: number, message: string): Buffer {
  const code = statusCodes[httpStatus] ?? 13
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }))
  const writer = protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(message)
  return Buffer.from(writer.finish())
}
