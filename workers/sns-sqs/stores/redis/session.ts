import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { type DeclarationChange, type Declarations, StoreUnavailable, UnknownQueue } from '../queue-store.ts'
import type { Keys } from './keys.ts'
import { declareCallOf, instanceOf, type Known, knownOf } from './known.ts'
import { RedisLink, type RunScript } from './link.ts'
import { LinkBroken } from './refusal.ts'
import type { Script } from './script.ts'
import { declareScript, loadScript, openScript } from './scripts/declare.ts'
import { serverNotices, serverOf } from './server-info.ts'

export interface SessionOptions {
  url: string
  keys: Keys
  /** Name of this process among those that share the data. */
  sender: string
  log: Logger
  /** The first argument of every script: empty for the server's own clock. */
  clock: () => string
  answerWithinMs: number
  patienceMs: number
  /** Another process made something visible in a queue, or will in `delayMs`. */
  onVisible: (queue: string, delayMs: number) => void
}

export interface ScriptCall {
  keys: string[]
  args: (string | number)[]
}

/** Times that an operation is begun again because the connection broke or declarations changed under it. */
const attempts = 8

const declarationKeys = ({ queues, topics, subscriptions, records }: Keys) => [queues, topics, subscriptions, records]

/**
 * What this process knows of the data in Redis. HELD → LOST: what was there is gone (FLUSHALL, a restart without a file, another
 * database). LOST → HELD: someone declares again, or resets. LOST rejects everything else and says so.
 */
export class RedisSession {
  readonly link: RedisLink
  private readonly options: SessionOptions
  private known: Known | undefined
  /** Why nothing works, where the data is gone. */
  private lost: string | undefined
  /** That it was gone once, for as long as this process lives. */
  private past: string | undefined
  private serverNotices: string[] = []
  private runId = ''
  private turn: Promise<unknown> = Promise.resolve()

  constructor(options: SessionOptions) {
    this.options = options
    this.link = new RedisLink({
      url: options.url,
      log: options.log,
      answerWithinMs: options.answerWithinMs,
      patienceMs: options.patienceMs,
      channel: options.keys.channel,
      greet: (run, info) => this.greet(run, info),
      onMessage: (text) => this.onMessage(text),
    })
  }

  /** What is declared, as last read. Waits for the connection; rejects with `StoreUnavailable` if there is none or the data is gone. */
  async current(patienceMs?: number): Promise<Known> {
    await this.link.whenReady(patienceMs)
    if (this.known === undefined) return this.latest()
    return this.known
  }

  /** What is declared now. */
  async latest(): Promise<Known> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      await this.link.whenReady()
      try {
        const { keys } = this.options
        const epoch = this.known?.epoch ?? ''
        return this.adopt(await this.link.run(loadScript, [keys.meta, ...declarationKeys(keys)], ['', epoch]))
      } catch (error) {
        if (!(error instanceof LinkBroken)) throw error
      }
    }
    throw this.tooOften()
  }

  /** Runs a script of which a repetition does no harm, again where the connection broke or declarations changed. */
  async run(callOf: (known: Known) => ScriptCall & { script: Script }): Promise<string[]> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const known = await this.current()
      try {
        const { script, keys, args } = callOf(known)
        const answer = await this.link.run(script, keys, args)
        if (answer[0] !== 'stale') return answer as string[]
        await this.latest()
      } catch (error) {
        // Another process may have declared the queue a moment ago.
        if (error instanceof UnknownQueue) {
          if ((await this.latest()) === known) throw error
        } else if (!(error instanceof LinkBroken)) throw error
      }
    }
    throw this.tooOften()
  }

  /** As the port's `declare`. One at a time, so that the requests of one process do not outdate each other. */
  declare<T>(decide: (current: Declarations) => { changes: DeclarationChange[]; result: T }): Promise<T> {
    return this.inTurn(async () => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const known = await this.orNothing()
        const { changes, result } = decide(known.declarations)
        if (this.lost !== undefined) {
          if (changes.length === 0) throw new StoreUnavailable(this.lost)
          await this.begin()
        } else if (changes.length === 0) return result
        else {
          const { lastNumber, removedKeys, fields } = declareCallOf(known, changes, this.options.keys)
          if (await this.change(known, lastNumber, removedKeys, fields)) return result
        }
      }
      throw this.tooOften()
    })
  }

  /** Removes everything that is declared and all messages. Begins again where the data was gone. */
  reset(): Promise<void> {
    return this.inTurn(async () => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const known = await this.orNothing()
        if (this.lost !== undefined) return this.begin()
        const { keys } = this.options
        const all = [...known.byName.values()].flatMap((queue) => keys.queue(queue))
        const removed = [...declarationKeys(keys), ...keys.once, ...keys.attempts, ...all]
        if (await this.change(known, known.lastNumber, removed, [])) return
      }
      throw this.tooOften()
    })
  }

  notices(): string[] {
    const { link, lost, past } = this
    return [link.trouble(), lost ?? past, ...this.serverNotices].filter((text) => text !== undefined)
  }

  async close(): Promise<void> {
    await this.link.close()
  }

  private async greet(run: RunScript, info: string): Promise<void> {
    const server = serverOf(info)
    if (server.major < 7) {
      throw new StoreUnavailable(`redis at ${this.link.address} is version ${server.version}; 7 or later is needed`)
    }
    this.runId = server.runId
    this.serverNotices = serverNotices(this.link.address, server, await this.link.configured('appendfsync'))
    for (const notice of this.serverNotices) this.options.log.warn(notice)
    // Only who never saw data begins again by itself: for anyone else its absence is a loss that must be said.
    const fresh = this.known === undefined && this.lost === undefined
    await this.open(run, fresh).catch((error: unknown) => {
      if (this.lost === undefined) throw error
    })
  }

  private async open(run: RunScript, fresh: boolean): Promise<void> {
    const { keys, clock } = this.options
    const epoch = fresh ? `${randomUUID()}:0` : ''
    this.adopt(await run(openScript, [keys.meta, ...declarationKeys(keys)], [clock(), '', epoch, this.runId]))
  }

  private async begin(): Promise<void> {
    await this.open(this.link.run, true)
  }

  /** Takes what was read; rejects if nothing is there. */
  private adopt(answer: unknown[]): Known {
    if (answer[0] === 'same' && this.known !== undefined) return this.known
    if (answer[0] === 'gone') throw this.lose()
    const read = knownOf(answer)
    if (read.epoch === this.known?.epoch) return this.known
    if (this.known !== undefined && instanceOf(read.epoch) !== instanceOf(this.known.epoch)) this.lose()
    if (this.lost !== undefined) {
      this.options.log.warn(`queues in redis at ${this.link.address} were begun again`)
      this.lost = undefined
    }
    this.known = read
    return read
  }

  private lose(): StoreUnavailable {
    if (this.known !== undefined) {
      const { queues, topics } = this.known.declarations
      const what = `${queues.size} queues with their messages and ${topics.size} topics`
      const event =
        `the data in redis at ${this.link.address} is gone (FLUSHALL, a restart without its file, or another database): ` +
        `${what} are lost`
      this.lost = `${event}. To begin again declare queues and topics again, as the control plane does by itself, or POST /moto-api/reset`
      this.past = `at ${new Date().toISOString()} ${event}; they were declared again since`
      this.known = undefined
      this.options.log.error(this.lost)
    }
    this.lost ??= `the data in redis at ${this.link.address} is gone`
    return new StoreUnavailable(this.lost)
  }

  /** What is declared now; nothing where the data is gone. */
  private async orNothing(): Promise<Known> {
    try {
      return await this.latest()
    } catch (error) {
      if (this.lost === undefined) throw error
      return knownOf(['ok', '', '0', [], [], [], []])
    }
  }

  private async change(known: Known, lastNumber: number, removed: string[], fields: string[]): Promise<boolean> {
    const { keys, clock, sender } = this.options
    const epoch = `${instanceOf(known.epoch)}:${randomUUID()}`
    const args = [clock(), known.epoch, sender, keys.channel, epoch, lastNumber, ...fields]
    try {
      const [answer] = await this.link.run(declareScript, [keys.meta, ...declarationKeys(keys), ...removed], args)
      await this.latest()
      return answer === 'ok'
    } catch (error) {
      // Whether it was done shows when it is decided again.
      if (error instanceof LinkBroken) return false
      throw error
    }
  }

  private onMessage(text: string): void {
    const [sender, kind, number, delayMs] = text.split(' ')
    if (sender === this.options.sender) return
    if (kind === 'declared') {
      // A moment of not knowing is allowed for: scripts compare epochs.
      this.latest().catch(() => {})
      return
    }
    const queue = this.known?.nameByNumber.get(Number(number))
    if (kind === 'visible' && queue !== undefined) this.options.onVisible(queue, Number(delayMs))
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work)
    this.turn = done.catch(() => undefined)
    return done
  }

  private tooOften(): StoreUnavailable {
    return new StoreUnavailable(
      this.link.trouble() ?? `the declarations in redis at ${this.link.address} change too often; try again`,
    )
  }
}
