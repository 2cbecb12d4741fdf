import { type ChainableCommander, Redis, type RedisOptions, ReplyError } from 'ioredis'
import type { Logger } from 'pino'
import { StoreUnavailable } from '../queue-store.ts'
import { isNoScript, LinkBroken, redisRefusalOf } from './refusal.ts'
import type { Script } from './script.ts'

export interface LinkOptions {
  /** `redis://` or `rediss://`. */
  url: string
  log: Logger
  /** After how many milliseconds without an answer a connection is given up. */
  answerWithinMs: number
  /** How long after a break a call still waits for the connection to come back. */
  patienceMs: number
  /** Prepares an open connection; until it is done, the link is not ready. May reject, then it is tried again. */
  greet: (run: RunScript, info: string) => Promise<void>
  onMessage: (text: string) => void
  channel: string
}

export type RunScript = (script: Script, keys: string[], args: (string | number)[]) => Promise<unknown[]>

/** `trouble`: a sentence that names the server and says why it is away. */
type State = { kind: 'ready' } | { kind: 'away'; since: number; trouble: string } | { kind: 'closed' }

const greetAgainMs = 500
const pingEveryMs = 5_000

/**
 * The way to Redis. AWAY → READY (connected and greeted) ⇄ AWAY → CLOSED. It connects and comes back by itself, for ever; what is under way
 * when it breaks rejects with `LinkBroken`, nothing is repeated behind the caller's back. Two connections: commands, pipelined as they come
 * in one turn; and one that listens.
 */
export class RedisLink {
  /** `host:port`, for people. Never the password. */
  readonly address: string
  private readonly commands: Redis
  private readonly listener: Redis
  private readonly options: LinkOptions
  private readonly pings: NodeJS.Timeout
  private state: State
  private waiting: (() => void)[] = []
  private greeting = 0
  /** Commands of this turn of the event loop. */
  private turn: ChainableCommander | undefined

  constructor(options: LinkOptions) {
    this.options = options
    const { host, hostname, port } = new URL(options.url)
    this.address = port === '' ? `${hostname}:6379` : host
    this.state = { kind: 'away', since: Date.now(), trouble: `redis at ${this.address} is not connected yet` }
    const settings: RedisOptions = {
      lazyConnect: true,
      // Nothing is queued or sent again by the client: only this file's callers know what may be repeated.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: options.answerWithinMs,
      // Destroys the socket, where `commandTimeout` would leave a connection open that answers nobody.
      socketTimeout: options.answerWithinMs,
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
    }
    this.commands = new Redis(options.url, settings)
    this.listener = new Redis(options.url, { ...settings, autoResubscribe: false })
    this.commands.on('ready', () => void this.greet(++this.greeting))
    this.commands.on('error', (error) => this.broke(this.troubleOf(error)))
    this.commands.on('close', () => this.broke())
    this.listener.on('ready', () => this.listener.subscribe(options.channel).catch(() => {}))
    this.listener.on('message', (_, text) => options.onMessage(text))
    // Only wakes waiters that look again by themselves; the other connection says what is wrong.
    this.listener.on('error', (error) => options.log.debug({ err: error }, 'the listening connection to redis broke'))
    this.pings = setInterval(() => {
      // What never answers runs into the socket's timeout and is connected again.
      if (this.listener.status === 'ready') this.listener.ping().catch(() => {})
    }, pingEveryMs).unref()
    for (const client of [this.commands, this.listener]) client.connect().catch(() => {})
  }

  /** Resolves when the link is ready; rejects with `StoreUnavailable` and the reason when it is away for too long. */
  async whenReady(patienceMs = this.options.patienceMs): Promise<void> {
    while (this.state.kind !== 'ready') {
      if (this.state.kind === 'closed') throw new StoreUnavailable('the queue store is closed')
      const left = this.state.since + patienceMs - Date.now()
      if (left <= 0) throw new StoreUnavailable(this.trouble() ?? '')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.waiting.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  get ready(): boolean {
    return this.state.kind === 'ready'
  }

  /** Why it is away, in a sentence. */
  trouble(): string | undefined {
    return this.state.kind === 'away' ? this.state.trouble : undefined
  }

  /**
   * Runs a script. Rejects with `LinkBroken` where the connection broke before the answer, with `StoreUnavailable` where Redis
   * refused before it did anything, with Redis's own error where the script is wrong.
   */
  run: RunScript = async (script, keys, args) => {
    try {
      try {
        return await this.pipelined('evalsha', [script.sha, keys.length, ...keys, ...args])
      } catch (error) {
        if (!isNoScript(error)) throw error
        // A new server, or one whose scripts were flushed: the whole text leaves the script with it.
        return await this.pipelined('eval', [script.lua, keys.length, ...keys, ...args])
      }
    } catch (error) {
      const refusal = redisRefusalOf(error)
      if (refusal !== undefined) {
        // After a failover the same address may lead to the new primary, by a new connection only.
        if (refusal.includes('READONLY')) this.commands.disconnect(true)
        throw new StoreUnavailable(this.troubleOf(error))
      }
      if (error instanceof ReplyError) throw error
      throw new LinkBroken(error instanceof Error ? error.message : String(error))
    }
  }

  /**
   * Sends all commands of one turn of the event loop in one write. The client's own pipelining would hold the next turn's back until
   * all answers to this one's are here, so that it and Redis would work by turns.
   */
  private pipelined(command: 'eval' | 'evalsha', args: (string | number)[]): Promise<unknown[]> {
    let turn = this.turn
    if (turn === undefined) {
      turn = this.commands.pipeline()
      this.turn = turn
      setImmediate(() => {
        const sent = this.turn
        this.turn = undefined
        // Each command tells its own outcome.
        sent?.exec().catch(() => {})
      })
    }
    return new Promise((resolve, reject) => {
      turn.call(command, ...args, (error: Error | null | undefined, answer: unknown) => {
        if (error) reject(error)
        else resolve(answer as unknown[])
      })
    })
  }

  /** Settings of the server, as text; empty if the user may not read it. */
  async configured(name: string): Promise<string> {
    try {
      const [, value] = (await this.commands.config('GET', name)) as string[]
      return value ?? ''
    } catch {
      return ''
    }
  }

  async close(): Promise<void> {
    if (this.state.kind === 'closed') return
    const { ready } = this
    this.state = { kind: 'closed' }
    clearInterval(this.pings)
    this.wake()
    // QUIT lets answers that are under way come back first.
    if (ready) await this.commands.quit().catch(() => {})
    this.commands.disconnect()
    this.listener.disconnect()
  }

  private async greet(turn: number): Promise<void> {
    try {
      await this.options.greet(this.run, await this.commands.info())
      if (turn !== this.greeting || this.state.kind === 'closed') return
      if (this.state.kind === 'away') this.options.log.info(`redis at ${this.address} answers`)
      this.state = { kind: 'ready' }
      this.wake()
    } catch (error) {
      if (turn !== this.greeting || this.commands.status !== 'ready') return
      this.broke(error instanceof StoreUnavailable ? error.message : this.troubleOf(error))
      setTimeout(() => {
        if (turn === this.greeting && this.commands.status === 'ready') void this.greet(turn)
      }, greetAgainMs).unref()
    }
  }

  /** Without a sentence: the end of the connection, which says less than the error that ended it. */
  private broke(trouble?: string): void {
    if (this.state.kind === 'closed') return
    if (this.state.kind === 'away') {
      if (trouble !== undefined) this.state.trouble = trouble
      return
    }
    this.greeting++
    const sentence = trouble ?? `redis at ${this.address} closed the connection`
    this.state = { kind: 'away', since: Date.now(), trouble: sentence }
    this.options.log.warn(sentence)
  }

  private troubleOf(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error)
    // An error event of the client carries the server's words without their class.
    const refusal = redisRefusalOf(error) ?? redisRefusalOf(new ReplyError(message))
    if (refusal !== undefined) return `redis at ${this.address} refuses: ${refusal}`
    return `redis at ${this.address} does not answer: ${message}`
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume()
  }
}
