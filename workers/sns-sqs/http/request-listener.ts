import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { ActionServices } from '../actions/action.ts'
import type { Client } from '../long-poll.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Reply } from '../protocol/reply.ts'
import { snsError } from '../protocol/sns-query.ts'
import { sqsError } from '../protocol/sqs-json.ts'
import { sqsQueryError } from '../protocol/sqs-query.ts'
import { callerOf } from '../semantics/caller.ts'
import { requestBytes } from '../semantics/limits.ts'
import { refusalOf } from './browser-guard.ts'
import { dispatch } from './dispatch.ts'
import { ownEndpoint } from './own-endpoints.ts'
import { checkSignature } from './signature-check.ts'

export interface ListenerOptions {
  /** The account of requests that name none. */
  account: string
  /** Refuse requests whose signature is not that of the secret. Undefined: signatures are read and not checked. */
  secretAccessKey: string | undefined
}

/** Reads a request to its end, has it answered, writes the answer. */
export const requestListener =
  (services: ActionServices, options: ListenerOptions) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const refusal = refusalOf(request.headers)
    if (refusal !== undefined) {
      refuse(request, response, new AwsError('AccessDenied', refusal), services)
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > requestBytes) {
        refuse(
          request,
          response,
          new AwsError('RequestEntityTooLarge', `A request has at most ${requestBytes} bytes.`),
          services,
        )
      } else chunks.push(chunk)
    })
    // A client that went away needs no answer; without a listener the stream's error would end the process.
    request.on('error', (error) => services.log.debug({ err: error }, 'a request broke off'))
    request.on('end', () => {
      if (bytes > requestBytes) return
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      answer(request, body, response, services, options).catch((error) => {
        services.log.error({ err: error, url: request.url }, 'an answer could not be made')
        response.destroy()
      })
    })
  }

const noBytes = Buffer.alloc(0)

async function answer(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  services: ActionServices,
  options: ListenerOptions,
): Promise<void> {
  const { headers, method = 'GET', url = '/' } = request
  const given = headers['x-amz-target']
  const target = typeof given === 'string' ? given : undefined
  const host = headers.host ?? 'localhost'
  const caller = callerOf(headers.authorization, url, host, options.account)
  if (target === undefined) {
    const own = await ownEndpoint({ method, url, body, caller }, services)
    if (own !== undefined) return send(response, own, services)
  }
  const question = url.indexOf('?')
  const call = {
    host,
    account: caller.account,
    region: caller.region,
    service: caller.service,
    path: question === -1 ? url : url.slice(0, question),
    client: clientOf(response),
    drop: () => void response.destroy(),
    secure: 'encrypted' in request.socket,
    trace: traceOf(headers),
  }
  if (options.secretAccessKey !== undefined) {
    const failure = checkSignature({ method, url, headers, body }, options.secretAccessKey, services.clock.now())
    if (failure !== undefined) return send(response, errorReply(failure, target, caller.service, services), services)
  }
  const query = question === -1 ? noBytes : Buffer.from(url.slice(question + 1))
  send(
    response,
    await dispatch({ method, signed: isSigned(url, headers), target, query, body }, services, call),
    services,
  )
}

/** Browsers say where a request comes from and never send the header by themselves; what has neither is a client's. */
const isSigned = (url: string, headers: IncomingHttpHeaders): boolean =>
  headers.authorization !== undefined ||
  (headers['sec-fetch-site'] === undefined && headers.referer === undefined && /[?&]X-Amz-Signature=/i.test(url))

/** A trace header that a message can carry. */
function traceOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-amzn-trace-id']
  return typeof given === 'string' && /^[ -~]{1,500}$/.test(given) ? given : ''
}

const clientOf = (response: ServerResponse): Client => ({
  get gone() {
    return response.destroyed
  },
  onGone(listener) {
    response.once('close', listener)
    return () => response.off('close', listener)
  },
})

function send(response: ServerResponse, reply: Reply, services: ActionServices): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(reply.status, {
    'Content-Type': reply.contentType,
    'Content-Length': Buffer.byteLength(reply.text),
    'x-amzn-RequestId': reply.requestId ?? services.newId(),
    ...reply.headers,
  })
  response.end(reply.text)
}

function errorReply(error: AwsError, target: string | undefined, service: string, { newId }: ActionServices): Reply {
  if (target !== undefined) return sqsError(error)
  return service === 'sqs' ? sqsQueryError(error, newId()) : snsError(error, newId())
}

/** Answers without reading what is still to come, and ends the connection. */
function refuse(request: IncomingMessage, response: ServerResponse, error: AwsError, services: ActionServices): void {
  request.pause()
  if (response.headersSent) return
  const target = request.headers['x-amz-target'] === undefined ? undefined : 'json'
  response.setHeader('Connection', 'close')
  send(response, errorReply(error, target, '', services), services)
  response.once('finish', () => request.destroy())
}
