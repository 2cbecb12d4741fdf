import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ActionServices } from '../actions/action.ts'
import type { Client } from '../long-poll.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Reply } from '../protocol/reply.ts'
import { requestBytes } from '../semantics/limits.ts'
import { type AnswerOptions, answerTo, errorReply } from './answer.ts'
import { refusalOf } from './browser-guard.ts'

/** Reads a request to its end, has it answered, writes the answer. */
export const requestListener =
  (services: ActionServices, options: AnswerOptions) =>
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
      const { headers, method = 'GET', url = '/' } = request
      const asking = {
        ...{ method, url, headers, body },
        client: clientOf(response),
        drop: () => void response.destroy(),
        secure: 'encrypted' in request.socket,
      }
      answerTo(asking, services, options)
        .then((reply) => send(response, reply, services))
        .catch((error) => {
          services.log.error({ err: error, url: request.url }, 'an answer could not be made')
          response.destroy()
        })
    })
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
    'Content-Length': reply.ascii === true ? reply.text.length : Buffer.byteLength(reply.text),
    'x-amzn-RequestId': reply.requestId ?? services.newId(),
    ...reply.headers,
  })
  response.end(reply.text)
}

/** Answers without reading what is still to come, and ends the connection. */
function refuse(request: IncomingMessage, response: ServerResponse, error: AwsError, services: ActionServices): void {
  request.pause()
  if (response.headersSent) return
  const target = request.headers['x-amz-target'] === undefined ? undefined : 'json'
  response.setHeader('Connection', 'close')
  send(response, errorReply(error, { target, service: '', accept: request.headers.accept }, services), services)
  response.once('finish', () => request.destroy())
}
