import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { ActionServices } from '../actions/action.ts'
import { type AnswerOptions, answerTo } from './answer.ts'
import { refusalOf } from './browser-guard.ts'
import { type ConnectionTimes, PlainConnection, type PlainService } from './plain-connection.ts'

const lookEveryMs = 5_000

/** The connections that need no HTTP server so far. OPEN → CLOSING, in which each ends with its answer; what is silent has none. */
export class PlainConnections {
  readonly #open = new Set<PlainConnection>()
  /** What is nobody's yet, and since when; epoch milliseconds. */
  readonly #silent = new Map<Socket, number>()
  readonly #times: ConnectionTimes
  readonly #services: ActionServices
  readonly #options: AnswerOptions
  readonly #timer: NodeJS.Timeout
  #closing = false

  constructor(services: ActionServices, options: AnswerOptions, times: ConnectionTimes) {
    this.#services = services
    this.#options = options
    this.#times = times
    this.#timer = setInterval(() => this.endLate(Date.now()), lookEveryMs).unref()
  }

  /** Bounds how long a connection may be nobody's, for want of its first byte or of TLS. The result says that it is somebody's now. */
  awaitFirst(socket: Socket): () => void {
    const forget = (): void => void this.#silent.delete(socket)
    this.#silent.set(socket, Date.now())
    socket.once('close', forget)
    return () => {
      forget()
      socket.off('close', forget)
    }
  }

  /** Takes a connection whose first bytes were read; `handOver` gives it to an HTTP server, with all that is to be read again put back. */
  take(socket: Socket, first: Buffer, handOver: (socket: Socket) => void): void {
    const connection = new PlainConnection(socket, this.#serviceFor(handOver))
    this.#open.add(connection)
    connection.begin(first, this.#closing)
  }

  /** Ends what is idle, and the others with their answers. */
  finish(): void {
    this.#closing = true
    clearInterval(this.#timer)
    for (const socket of this.#silent.keys()) socket.destroy()
    for (const connection of [...this.#open]) connection.finish()
  }

  /** Ends all at once. */
  destroy(): void {
    for (const connection of [...this.#open]) connection.destroy()
  }

  #serviceFor(handOver: (socket: Socket) => void): PlainService {
    const { newId, log } = this.#services
    return {
      answer: (asking) => answerTo(asking, this.#services, this.#options),
      refuses: (headers: IncomingHttpHeaders) => refusalOf(headers) !== undefined,
      newId,
      handOver,
      onBroken: (error) => log.debug({ err: error }, 'a request broke off'),
      onUnanswerable: (error, url) => log.error({ err: error, url }, 'an answer could not be made'),
      onEnded: (connection) => void this.#open.delete(connection),
      keepAliveSeconds: Math.floor(this.#times.keepAliveTimeout / 1_000),
    }
  }

  /** Ends what has taken too long at `now`, in epoch milliseconds. Asked for every few seconds by itself. */
  endLate(now: number): void {
    for (const [socket, since] of this.#silent) if (now - since > this.#times.requestTimeout) socket.destroy()
    for (const connection of [...this.#open]) connection.endIfLate(now, this.#times)
  }
}
