import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CauseClues } from '../causes/in-hand.ts'
import { InvalidCloudEvent, type ProgramEvent, readEvents } from '../cloudevents/read-events.ts'
import { SinkRefusal } from './sink-refusal.ts'

/** Where a program publishes: `K_SINK`. */
export interface SinkServer {
  /** With the secret of this replica in it: only who has it is taken for the program. */
  readonly url: string
  /** What must never be shown. */
  readonly secret: string
  /** Takes no more; resolves when what was taken is answered, or after `graceMs`. */
  close(graceMs: number): Promise<void>
}

export interface SinkOptions {
  /** Publishes an event and resolves with its identity when the broker has it. Rejects with `SinkRefusal` if it does not. */
  publish: (event: ProgramEvent, clues: CauseClues) => Promise<string>
  /** Called with every refusal. */
  onRefused: (reason: string) => void
}

/** Bytes that a request may have. */
const bodyBytesMax = 1024 * 1024
/** Events that may wait for the broker; a program that sends more has to wait itself. */
const waitingMax = 1_000
/** Time that a request may take to arrive. */
const requestMs = 30_000

/**
 * Listens on a free port of 127.0.0.1. Answers 202 with the identities when the broker has acknowledged every event of the request;
 * 400 no CloudEvent, 401 wrong secret, 405 no POST, 413 too large, 429 too many wait; and what `publish` refuses with.
 */
export async function startSinkServer({ publish, onRefused }: SinkOptions): Promise<SinkServer> {
  const secret = randomBytes(24).toString('base64url')
  let waiting = 0

  function admit(request: IncomingMessage): void {
    if (!isSecret(secret, request.url)) throw new SinkRefusal(401, 'the secret in the address is wrong: POST to K_SINK')
    if (request.method !== 'POST') throw new SinkRefusal(405, 'events come by POST')
  }

  async function take(request: IncomingMessage): Promise<string[]> {
    admit(request)
    const body = await bodyOf(request)
    const events = eventsOf(request, body)
    if (waiting + events.length > waitingMax)
      throw new SinkRefusal(429, `${waiting} events wait for the broker already`, 1)
    waiting += events.length
    try {
      const sent = events.map((event) => publish(event, cluesOf(event, request)))
      const settled = await Promise.allSettled(sent)
      const failed = settled.find((outcome) => outcome.status === 'rejected')
      if (failed) throw failed.reason
      return Promise.all(sent)
    } finally {
      waiting -= events.length
    }
  }

  const server = createServer({ requestTimeout: requestMs }, (request, response) => {
    take(request).then(
      (ids) => answer(response, 202, { ids }),
      (error: unknown) => {
        const { status, message, retryAfterSeconds } =
          error instanceof SinkRefusal
            ? error
            : new SinkRefusal(503, error instanceof Error ? error.message : 'it failed')
        onRefused(`K_SINK answered ${status}: ${message}`)
        if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds)
        if (status === 405) response.setHeader('allow', 'POST')
        // What is left of a body that is not wanted is not read.
        if (!request.complete) response.setHeader('connection', 'close')
        answer(response, status, { type: 'about:blank', status, detail: message })
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/${secret}`,
    secret,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}

function isSecret(secret: string, path: string | undefined): boolean {
  const given = Buffer.from((path ?? '').replace(/^\/|\/?(\?.*)?$/g, ''))
  const right = Buffer.from(secret)
  return given.length === right.length && timingSafeEqual(given, right)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new SinkRefusal(413, `the body is larger than ${bodyBytesMax} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) throw tooLarge
  const chunks: Buffer[] = []
  let length = 0
  // Not ended with the loop: an answer is owed on the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length > bodyBytesMax) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function eventsOf({ headers }: IncomingMessage, body: Buffer): ProgramEvent[] {
  try {
    const events = readEvents({ headers, body })
    if (events === undefined) throw new SinkRefusal(400, 'this is no CloudEvent: it has no ce-specversion and ce-type')
    return events
  } catch (error) {
    if (error instanceof InvalidCloudEvent) throw new SinkRefusal(400, error.message)
    throw error
  }
}

function cluesOf({ causationId, traceparent }: ProgramEvent, { headers }: IncomingMessage): CauseClues {
  const given = headers.traceparent
  return {
    causationId,
    traceparents: [traceparent, typeof given === 'string' ? given : undefined].flatMap((one) => one ?? []),
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const type = status < 300 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
}
