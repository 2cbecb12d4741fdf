import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import {
  type AcceptOutcome,
  type DeclarationChange,
  type Declarations,
  type MoveResult,
  type MoveTargets,
  type NewMessage,
  type PeekedMessage,
  type QueueCounts,
  type QueueStore,
  type ReceiptOutcome,
  type ReceiveOptions,
  type ReceiveResult,
  StoreUnavailable,
  UnknownQueue,
  type VisibilityChange,
} from './queue-store.ts'
import { AcceptLane } from './redis/accept-lane.ts'
import { lookedOf, peekedOf } from './redis/answers.ts'
import { keysOf, memberOf } from './redis/keys.ts'
import { moveCallOf, movedOf } from './redis/move-call.ts'
import type { Operate } from './redis/operate.ts'
import { chores, Receiving } from './redis/receiving.ts'
import { RedisAttempts } from './redis/redis-attempts.ts'
import type { RedisStoreOptions } from './redis/redis-store-options.ts'
import { purgeScript } from './redis/scripts/declare.ts'
import { countsScript, lookScript, peekScript, trimScript } from './redis/scripts/look.ts'
import { moveScript } from './redis/scripts/move.ts'
import { RedisSession } from './redis/session.ts'
import { Settling } from './redis/settling.ts'

const sweepEveryMs = 1_000
/** Queues that one sweep looks at; the next sweep goes on behind them. */
const sweptQueues = 20

/**
 * Queues in Redis, shared by all simulators of one namespace. Each operation is one script, which is what makes it atomic.
 * Opens without waiting: as long as Redis does not answer, operations reject with `StoreUnavailable` and the reason,
 * and go on by themselves when it is back. Keys are described in REDIS.md.
 */
export function redisStore(options: RedisStoreOptions): QueueStore {
  return new RedisStore(options)
}

/** OPEN → CLOSED. CLOSED rejects everything. What Redis itself is up to is the session's matter. */
class RedisStore implements QueueStore {
  readonly lookAgainMs = 1_000
  readonly keys
  readonly attempts: RedisAttempts
  private readonly session: RedisSession
  private readonly lane: AcceptLane
  private readonly receiving: Receiving
  private readonly settling: Settling
  private readonly listeners: ((queue: string, at: number) => void)[] = []
  private readonly now: () => number
  readonly sender = randomUUID()
  private readonly clock: () => string
  private readonly sweeper: NodeJS.Timeout
  private swept = 0
  private closed = false

  constructor(options: RedisStoreOptions) {
    const { clock, doubtMs = 4_000 } = options
    const aheadMs = options.aheadMs ?? (() => 0)
    this.now = clock ?? (() => Date.now() + aheadMs())
    this.clock = () => {
      if (clock !== undefined) return String(clock())
      const ahead = aheadMs()
      return ahead === 0 ? '' : `+${ahead}`
    }
    this.keys = keysOf(options.namespace ?? 'faultline')
    this.session = new RedisSession({
      url: options.url,
      keys: this.keys,
      sender: this.sender,
      log: options.log ?? pino({ level: 'silent' }),
      clock: this.clock,
      answerWithinMs: options.answerWithinMs ?? 2_000,
      patienceMs: options.patienceMs ?? 1_000,
      onVisible: (queue, delayMs) => this.tell(queue, delayMs),
    })
    this.attempts = new RedisAttempts(this.session, this.keys, this.clock)
    this.lane = new AcceptLane({
      session: this.session,
      keys: this.keys,
      sender: this.sender,
      clock: this.clock,
      now: this.now,
      taken: (queue, delayMs) => this.tell(queue, delayMs),
      doubtMs,
    })
    const deps = {
      operate: this.operate,
      keys: this.keys,
      sender: this.sender,
      now: this.now,
      tell: (queue: string, delayMs: number) => this.tell(queue, delayMs),
    }
    this.receiving = new Receiving(deps)
    this.settling = new Settling(deps)
    this.sweeper = setInterval(() => void this.sweep().catch(() => {}), sweepEveryMs).unref()
  }

  async declarations(): Promise<Declarations> {
    this.assertOpen()
    return (await this.session.latest()).declarations
  }

  async knownDeclarations(): Promise<Declarations> {
    this.assertOpen()
    return (await this.session.current()).declarations
  }

  async declare<T>(decide: (current: Declarations) => { changes: DeclarationChange[]; result: T }): Promise<T> {
    this.assertOpen()
    return this.session.declare(decide)
  }

  async accept(messages: NewMessage[], basedOn?: Declarations): Promise<AcceptOutcome[]> {
    this.assertOpen()
    return this.lane.add(messages, basedOn)
  }

  async receive(name: string, options: ReceiveOptions): Promise<ReceiveResult> {
    this.assertOpen()
    return this.receiving.receive(name, options)
  }

  async delete(name: string, receipts: string[]): Promise<ReceiptOutcome[]> {
    this.assertOpen()
    return this.settling.delete(name, receipts)
  }

  async changeVisibility(name: string, changes: VisibilityChange[]): Promise<ReceiptOutcome[]> {
    this.assertOpen()
    return this.settling.changeVisibility(name, changes)
  }

  async move(name: string, to: MoveTargets, max: number): Promise<MoveResult> {
    let names = new Map<string, string>()
    const answer = await this.operate(name, moveScript, (queue, known) => {
      const call = moveCallOf(queue, known, to, Math.min(max, chores), this)
      names = call.names
      return call
    })
    const { result, numbers } = movedOf(answer)
    for (const number of numbers) this.tell(names.get(number) ?? '', 0)
    return result
  }

  async counts(name: string): Promise<QueueCounts> {
    const [, visible, inFlight, delayed, oldest] = await this.operate(name, countsScript, ({ definition }) => ({
      args: [definition.settings.retentionMs, chores],
    }))
    return {
      visible: Number(visible),
      inFlight: Number(inFlight),
      delayed: Number(delayed),
      ...(oldest === '' ? {} : { oldestSentAt: Number(oldest) }),
    }
  }

  async peek(name: string, limit: number): Promise<PeekedMessage[]> {
    const [, now, ...fields] = await this.operate(name, peekScript, () => ({ args: [limit] }))
    return peekedOf(fields, Number(now))
  }

  async look(name: string, keys: number[]): Promise<(PeekedMessage | undefined)[]> {
    if (keys.length === 0) return []
    const [, now, ...fields] = await this.operate(name, lookScript, () => ({ args: keys.map(memberOf) }))
    return lookedOf(fields, Number(now))
  }

  async purge(name: string): Promise<void> {
    await this.operate(name, purgeScript, () => ({ args: [] }))
  }

  async reset(): Promise<void> {
    this.assertOpen()
    await this.session.reset()
  }

  onVisible(listener: (queue: string, at: number) => void): void {
    this.listeners.push(listener)
  }

  notices(): string[] {
    return this.session.notices()
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    clearInterval(this.sweeper)
    await this.lane.idle()
    await this.session.close()
  }

  private assertOpen(): void {
    if (this.closed) throw new StoreUnavailable('the queue store is closed')
  }

  private readonly operate: Operate = (name, script, call) => {
    this.assertOpen()
    return this.session.run((known) => {
      const queue = known.byName.get(name)
      if (queue === undefined) throw new UnknownQueue(`no queue is named ${name}`)
      const { args, moreKeys = [] } = call(queue, known)
      return {
        script: typeof script === 'function' ? script(queue) : script,
        keys: [this.keys.meta, ...this.keys.queue(queue), ...moreKeys],
        args: [this.clock(), known.epoch, ...args],
      }
    })
  }

  private tell(queue: string, delayMs: number): void {
    const at = this.now() + delayMs
    for (const listener of this.listeners) listener(queue, at)
  }

  /** Keeps queues small that nobody receives from. */
  private async sweep(): Promise<void> {
    if (!this.session.link.ready) return
    const { byName } = await this.session.current()
    const names = [...byName.keys()]
    const turn = Array.from({ length: Math.min(sweptQueues, names.length) }, () => names[this.swept++ % names.length])
    await Promise.all(
      turn.map((name = '') =>
        this.operate(name, trimScript, ({ definition }) => ({ args: [definition.settings.retentionMs, chores] })),
      ),
    )
  }
}
