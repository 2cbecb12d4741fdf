import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { AdvisedError } from '#workers/runtime/consume/retry-advice.ts'
import type { EventRequest } from '../cloudevents/write-event.ts'

/** An answer, whole. */
export interface ProgramAnswer {
  status: number
  statusText: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Calls one address. */
export interface ProgramCaller {
  /**
   * POSTs and resolves with the answer, whatever its status. Rejects with `ProgramUnreachable` where no connection could be made,
   * `ConnectionClosed` where it ended before the answer, `InvalidReply` where what came is no answer, and with the signal's reason.
   */
  call(request: EventRequest, signal: AbortSignal): Promise<ProgramAnswer>
  close(): void
}

/** Bytes that an answer may have: more is not read. */
export const answerBytesMax = 1024 * 1024
/** A connection that nobody used for so long is closed, before the program may close it under a request. */
const idleMs = 1_000

/** Keeps up to `connections` connections open. Redirects are answers like any other. */
export function createCaller(url: URL, connections: number): ProgramCaller {
  const secure = url.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections, timeout: idleMs }
  const agent = secure ? new https.Agent(options) : new http.Agent(options)
  const { request } = secure ? https : http

  return {
    call: ({ headers, body }, signal) =>
      new Promise((resolve, reject) => {
        // Not `signal`, which would be the error instead of its reason.
        const sent = request(url, {
          ...{ agent, method: 'POST', maxHeaderSize: 64 * 1024 },
          headers: { ...headers, 'content-length': body.length, 'user-agent': 'faultline' },
        })
        const abort = (): void => {
          reject(signal.reason)
          sent.destroy()
        }
        const settle = (): void => signal.removeEventListener('abort', abort)
        let connected = false
        signal.addEventListener('abort', abort, { once: true })
        sent.once('socket', (socket) => {
          if (!socket.connecting) connected = true
          else
            socket.once('connect', () => {
              connected = true
            })
        })
        sent.once('error', (error) => reject(failureOf(error, connected)))
        sent.once('close', settle)
        sent.once('response', (answer) => {
          readAnswer(answer).then(resolve, (error) => {
            reject(error)
            sent.destroy()
          })
        })
        if (signal.aborted) abort()
        else sent.end(body)
      }),
    close: () => agent.destroy(),
  }
}

async function readAnswer(answer: IncomingMessage): Promise<ProgramAnswer> {
  const { statusCode: status = 0, statusMessage: statusText = '', headers } = answer
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of answer) {
      const bytes = Buffer.from(chunk)
      length += bytes.length
      if (length > answerBytesMax) break
      chunks.push(bytes)
    }
  } catch (error) {
    throw failureOf(error, true)
  }
  // Of an error only the beginning is reported.
  if (length > answerBytesMax && status >= 200 && status < 300)
    throw new AdvisedError('InvalidReply', `the answer is larger than ${answerBytesMax} bytes`, { never: true })
  return { status, statusText, headers, body: Buffer.concat(chunks) }
}

function failureOf(error: unknown, connected: boolean): AdvisedError {
  const { code = '', message = String(error) } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (code.startsWith('HPE_'))
    return new AdvisedError('InvalidReply', `what it answered is not HTTP: ${message}`, { never: true })
  return connected
    ? new AdvisedError('ConnectionClosed', `the connection ended before the answer did: ${message}`)
    : new AdvisedError('ProgramUnreachable', message)
}
