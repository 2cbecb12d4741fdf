import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Services } from '../actions/action.ts'
import type { Client } from '../long-poll.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Reply } from '../protocol/reply.ts'
import { queryError } from '../protocol/sns-query.ts'
import { sqsError } from '../protocol/sqs-json.ts'
import { requestBytes } from '../semantics/limits.ts'
import { regionOf } from '../semantics/names.ts'
import { refusalOf } from './browser-guard.ts'
import { dispatch } from './dispatch.ts'
import { ownEndpoint } from './own-endpoints.ts'

/** Reads a request to its end, has it answered, writes the answer. */
export const requestListener =
  (services: Services) =>
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
      answer(request, body, response, services).catch((error) => {
        services.log.error({ err: error, url: request.url }, 'an answer could not be made')
        response.destroy()
      })
    })
  }

async function answer(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  services: Services,
): Promise<void> {
  const { headers, method = 'GET', url = '/' } = request
  const target = headers['x-amz-target']
  const own = target === undefined ? await ownEndpoint(method, url, services) : undefined
  if (own !== undefined) return send(response, own, services)
  const query = method === 'GET' ? url.indexOf('?') : -1
  const call = {
    host: headers.host ?? 'localhost',
    region: regionOf(headers.authorization),
    path: url,
    client: clientOf(response),
  }
  const input = query === -1 ? body : Buffer.from(url.slice(query + 1))
  send(response, await dispatch(typeof target === 'string' ? target : undefined, input, services, call), services)
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

function send(response: ServerResponse, reply: Reply, services: Services): void {
  if (response.destroyed) return
  response.writeHead(reply.status, {
    'Content-Type': reply.contentType,
    'Content-Length': Buffer.byteLength(reply.text),
    'x-amzn-RequestId': services.newId(),
    ...reply.headers,
  })
  response.end(reply.text)
}

/** Answers without reading what is still to come, and ends the connection. */
function refuse(request: IncomingMessage, response: ServerResponse, error: AwsError, services: Services): void {
  request.pause()
  if (response.headersSent) return
  const reply = request.headers['x-amz-target'] === undefined ? queryError(error, services.newId()) : sqsError(error)
  response.setHeader('Connection', 'close')
  send(response, reply, services)
  response.once('finish', () => request.destroy())
}
