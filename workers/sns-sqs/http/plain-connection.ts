import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Client } from '../long-poll.ts'
import type { Reply } from '../protocol/reply.ts'
import { requestBytes } from '../semantics/limits.ts'
import type { Asking } from './answer.ts'
import { httpDate } from './http-date.ts'
import { maximumHeadBytes, type PlainHead, plainHead } from './plain-head.ts'

/** What a connection needs of its surroundings. */
export interface PlainService {
  answer: (asking: Asking) => Promise<Reply>
  /** Whether the headers alone are a reason to refuse; an HTTP server then says so. */
  refuses: (headers: Record<string, string>) => boolean
  newId: () => string
  /** Gives the connection, whose next bytes are still to be read, to an HTTP server for the rest of its life. */
  handOver: (socket: Socket) => void
  onBroken: (error: unknown) => void
  onUnanswerable: (error: unknown, url: string) => void
  onEnded: (connection: PlainConnection) => void
  keepAliveSeconds: number
}

/** How long a connection may take; the same as those that an HTTP server has. */
export interface ConnectionTimes {
  /** From one answer to the next request, and for the client to take an answer; in milliseconds. */
  keepAliveTimeout: number
  /** For a whole request, in milliseconds. */
  requestTimeout: number
}

const tooLate = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n'
/** Bytes that a client may send ahead of an answer before it is not read from any more. */
const maximumAhead = 65_536
/** The same while somebody waits to hear that the client went away, which only reading shows; more ends the connection. */
const maximumAheadOfWait = requestBytes
const headEnd = Buffer.from('\r\n\r\n')
/** What a header's value may not have. */
const unsafe = /[^\t\x20-\x7e]/

/**
 * A connection whose requests are read and answered without the objects that an HTTP server makes of each, as long as each is of the plainest
 * kind. READING (at a request or between two) → ANSWERING → DRAINING where the client is slow to take its answer, in which nothing is read →
 * READING … → HANDED OVER at the first that is not plain, or OVER, in which what still comes is dropped.
 */
export class PlainConnection implements Client {
  /** When the last thing happened that its limits of time count from; epoch milliseconds. */
  since = Date.now()
  state: 'reading' | 'answering' | 'draining' | 'over' = 'reading'
  #lastOne = false
  #parts: Buffer[] = []
  #bytes = 0
  /** Of the request whose body is on its way. */
  #head: PlainHead | undefined
  #bodyStart = 0
  /** Who is to hear that the client went away. */
  readonly #watchers = new Set<() => void>()
  readonly #socket: Socket
  readonly #service: PlainService
  readonly #take = (chunk: Buffer): void => this.#onBytes(chunk)
  readonly #broken = (error: unknown): void => this.#service.onBroken(error)
  readonly #clientEnded = (): void => this.#onClientEnded()
  readonly #closed = (): void => this.#leave()
  readonly #drained = (): void => this.#onDrained()
  readonly #reply = (reply: Reply): void => this.#onReply(reply)
  readonly #drop = (): void => void this.#socket.destroy()

  constructor(socket: Socket, service: PlainService) {
    this.#socket = socket
    this.#service = service
    socket.on('error', this.#broken).on('end', this.#clientEnded).on('close', this.#closed).on('data', this.#take)
  }

  /** Also if it can still read but will ask for no more: it is answered no more then. */
  get gone(): boolean {
    return this.#socket.destroyed || this.#socket.writableEnded
  }

  onGone(listener: () => void): () => void {
    this.#watchers.add(listener)
    if (this.#socket.isPaused()) this.#socket.resume()
    return () => void this.#watchers.delete(listener)
  }

  /** Whether a request has come in part. */
  get isPartial(): boolean {
    return this.state === 'reading' && this.#bytes > 0
  }

  /** Reads the first bytes, which were taken from the socket already; `last`: the first answer is the only one. */
  begin(first: Buffer, last = false): void {
    this.#lastOne = last
    this.#onBytes(first)
    if (this.state !== 'over') this.#socket.resume()
  }

  /** Ends it once it has nothing to answer: at once, or with the answer to the request that has come, be it in part. */
  finish(): void {
    this.#lastOne = true
    if (this.#bytes === 0 && (this.state === 'reading' || this.state === 'draining')) this.#end()
  }

  /** Ends it at once. */
  destroy(): void {
    this.#socket.destroy()
  }

  /** Ends it where what it waits for has taken too long at `now`, in epoch milliseconds. An answer may take any time to be made. */
  endIfLate(now: number, { keepAliveTimeout, requestTimeout }: ConnectionTimes): void {
    if (this.state === 'answering') return
    if (now - this.since <= (this.isPartial ? requestTimeout : keepAliveTimeout)) return
    // Within an answer that was not taken whole it would be read as a part of that.
    if (this.isPartial && this.#socket.writableLength === 0) this.#socket.write(tooLate)
    this.#socket.destroy()
  }

  #onBytes(chunk: Buffer): void {
    // A request that cannot be answered is not begun.
    if (this.state === 'over') return
    this.#parts.push(chunk)
    this.#bytes += chunk.length
    if (this.state === 'reading') this.#read()
    else if (this.#watchers.size === 0) {
      if (this.#bytes > maximumAhead) this.#socket.pause()
    } else if (this.#bytes > maximumAheadOfWait) this.#socket.destroy()
  }

  #read(): void {
    if (this.#head !== undefined && this.#bytes < this.#bodyStart + this.#head.bodyBytes) return
    const [first] = this.#parts
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts, this.#bytes)
    let head = this.#head
    if (head === undefined) {
      const end = bytes.indexOf(headEnd)
      head = end === -1 || end > maximumHeadBytes ? undefined : plainHead(bytes.toString('latin1', 0, end + 2))
      if (head === undefined || head.bodyBytes > requestBytes || this.#service.refuses(head.headers)) {
        this.#handOver(bytes)
        return
      }
      this.#bodyStart = end + headEnd.length
      if (bytes.length < this.#bodyStart + head.bodyBytes) {
        this.#head = head
        this.since = Date.now()
        return
      }
    }
    const end = this.#bodyStart + head.bodyBytes
    this.#head = undefined
    this.#bytes = bytes.length - end
    this.#parts = this.#bytes === 0 ? [] : [bytes.subarray(end)]
    this.#ask(head, bytes.subarray(this.#bodyStart, end))
  }

  #ask({ url, headers }: PlainHead, body: Buffer): void {
    this.state = 'answering'
    this.#service
      .answer({ method: 'POST', url, headers, body, client: this, drop: this.#drop, secure: false })
      .then(this.#reply)
      .catch((error) => {
        this.#service.onUnanswerable(error, url)
        this.#socket.destroy()
      })
  }

  #onReply(reply: Reply): void {
    if (this.state !== 'answering' || this.#socket.destroyed) return
    const { text } = reply
    const bytes = reply.ascii === true ? text.length : Buffer.byteLength(text)
    const whole = `${this.#headOf(reply, bytes)}${text}`
    const goesOn = this.#socket.write(whole, bytes === text.length ? 'latin1' : 'utf8')
    this.state = 'reading'
    this.since = Date.now()
    if (this.#lastOne) this.#end()
    // A long answer that the system took whole needs no wait.
    else if (goesOn || this.#socket.writableLength === 0) this.#readOn()
    else {
      // Whoever takes no answers may ask for no more: they would all be held here.
      this.state = 'draining'
      this.#socket.pause()
      this.#socket.once('drain', this.#drained)
    }
  }

  #onDrained(): void {
    if (this.state !== 'draining') return
    this.state = 'reading'
    this.since = Date.now()
    this.#readOn()
  }

  #readOn(): void {
    if (this.#socket.isPaused()) this.#socket.resume()
    if (this.#bytes > 0) this.#read()
  }

  #headOf({ status, contentType, requestId, headers }: Reply, bytes: number): string {
    let more = ''
    if (headers !== undefined) {
      for (const [name, value] of Object.entries(headers)) {
        if (unsafe.test(value)) throw new Error(`the header ${name} would have a character that headers do not have`)
        more += `${name}: ${value}\r\n`
      }
    }
    const { newId, keepAliveSeconds } = this.#service
    const stays = this.#lastOne ? 'close' : `keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`
    return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes}\r\nx-amzn-RequestId: ${requestId ?? newId()}\r\n${more}Date: ${httpDate()}\r\nConnection: ${stays}\r\n\r\n`
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket
    this.#leave()
    socket.off('error', this.#broken).off('end', this.#clientEnded).off('close', this.#closed).off('data', this.#take)
    // While it flows, what is put back would go to nobody.
    socket.pause()
    socket.unshift(bytes)
    this.#service.handOver(socket)
    socket.resume()
  }

  /** Ends the side that answers once what was written is taken. The other is read on, for its end is what closes the connection. */
  #end(): void {
    if (this.state === 'over') return
    this.state = 'over'
    this.#parts = []
    this.#bytes = 0
    this.since = Date.now()
    this.#socket.end()
    if (this.#socket.isPaused()) this.#socket.resume()
  }

  #onClientEnded(): void {
    this.#end()
    this.#tellGone()
  }

  #tellGone(): void {
    for (const tell of [...this.#watchers]) {
      this.#watchers.delete(tell)
      tell()
    }
  }

  #leave(): void {
    this.state = 'over'
    this.#parts = []
    this.#tellGone()
    this.#service.onEnded(this)
  }
}
