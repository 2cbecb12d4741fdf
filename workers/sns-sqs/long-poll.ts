import type { SimulatorClock } from './clock.ts'
import type { QueueStore, ReceivedMessage, ReceiveOptions } from './stores/queue-store.ts'

/** The client behind a request, as far as a waiter needs to know of it. */
export interface Client {
  readonly gone: boolean
  /** Calls `listener` once when the client goes away; the result stops that. */
  onGone(listener: () => void): () => void
}

interface Waiter {
  options: ReceiveOptions
  deadline: number
  settle: (messages: ReceivedMessage[]) => void
  fail: (error: unknown) => void
}

/** The waiters of one queue, first come first served. */
interface Line {
  waiters: Set<Waiter>
  /** When something may be visible; infinite if only an arrival can bring it. */
  dueAt: number
  /** When it is looked at even if nothing was reported; infinite if the store reports everything. */
  lookAt: number
  timer: NodeJS.Timeout | undefined
  serving: boolean
}

/**
 * Receives that wait. A waiter is answered by the first message that it gets, keeps waiting where another was faster,
 * and is let go when its client has gone. One timer per queue that has waiters, none per message.
 */
export class LongPoll {
  private readonly store: QueueStore
  private readonly lines = new Map<string, Line>()
  /** First receives under way, by queue: what is reported before their answer is here would else be lost. */
  private readonly asking = new Map<string, Set<{ announcedAt: number }>>()

  private readonly now: () => number

  /** Its times are those of `clock`, which a test may move. */
  constructor(store: QueueStore, clock?: SimulatorClock) {
    this.store = store
    this.now = clock?.now ?? Date.now
    clock?.onMoved(() => {
      for (const [queue, line] of this.lines) this.arrange(queue, line)
    })
    store.onVisible((queue, at) => {
      for (const asked of this.asking.get(queue) ?? []) asked.announcedAt = Math.min(asked.announcedAt, at)
      const line = this.lines.get(queue)
      if (line === undefined || at >= line.dueAt) return
      line.dueAt = at
      this.arrange(queue, line)
    })
  }

  /** Waits up to `waitMs` for a message; an empty list after that, or once the client has gone. */
  async receive(queue: string, options: ReceiveOptions, waitMs: number, client: Client): Promise<ReceivedMessage[]> {
    if (waitMs <= 0) return (await this.store.receive(queue, options)).messages
    const { messages, dueAt } = await this.ask(queue, options)
    if (messages.length > 0 || client.gone) return messages
    return new Promise((resolve, reject) => {
      const line = this.line(queue)
      const leave = () => {
        stopWatching()
        line.waiters.delete(waiter)
        if (line.waiters.size > 0) return
        clearTimeout(line.timer)
        if (this.lines.get(queue) === line) this.lines.delete(queue)
      }
      const waiter: Waiter = {
        options,
        deadline: this.now() + waitMs,
        settle: (found) => {
          leave()
          resolve(found)
        },
        fail: (error) => {
          leave()
          reject(error)
        },
      }
      const stopWatching = client.onGone(() => waiter.settle([]))
      line.waiters.add(waiter)
      line.dueAt = Math.min(line.dueAt, dueAt)
      this.arrange(queue, line)
    })
  }

  /** Receives, and says when it is worth to look again. */
  private async ask(queue: string, options: ReceiveOptions): Promise<{ messages: ReceivedMessage[]; dueAt: number }> {
    const asked = { announcedAt: Number.POSITIVE_INFINITY }
    const all = this.asking.get(queue) ?? new Set()
    this.asking.set(queue, all.add(asked))
    try {
      const { messages, nextVisibleAt = Number.POSITIVE_INFINITY } = await this.store.receive(queue, options)
      return { messages, dueAt: Math.min(nextVisibleAt, asked.announcedAt) }
    } finally {
      all.delete(asked)
      if (all.size === 0 && this.asking.get(queue) === all) this.asking.delete(queue)
    }
  }

  /** Answers all waiters with nothing, for a server that closes. */
  close(): void {
    for (const line of [...this.lines.values()]) {
      for (const waiter of [...line.waiters]) waiter.settle([])
    }
  }

  private line(queue: string): Line {
    const known = this.lines.get(queue)
    if (known !== undefined) return known
    const line: Line = {
      waiters: new Set(),
      dueAt: Number.POSITIVE_INFINITY,
      lookAt: this.nextLook(),
      timer: undefined,
      serving: false,
    }
    this.lines.set(queue, line)
    return line
  }

  /** Sets the one timer to the next moment at which there is something to do. */
  private arrange(queue: string, line: Line): void {
    if (line.serving) return
    clearTimeout(line.timer)
    let next = Math.min(line.dueAt, line.lookAt)
    for (const { deadline } of line.waiters) next = Math.min(next, deadline)
    const delay = next - this.now()
    if (delay <= 0) void this.serve(queue, line)
    else line.timer = setTimeout(() => void this.serve(queue, line), Math.min(delay, 20_000))
  }

  private async serve(queue: string, line: Line): Promise<void> {
    line.serving = true
    if (Math.min(line.dueAt, line.lookAt) <= this.now()) {
      line.lookAt = this.nextLook()
      await this.handOut(queue, line)
    }
    line.serving = false
    const now = this.now()
    for (const waiter of [...line.waiters]) if (waiter.deadline <= now) waiter.settle([])
    if (line.waiters.size > 0) this.arrange(queue, line)
  }

  private nextLook(): number {
    return this.now() + (this.store.lookAgainMs ?? Number.POSITIVE_INFINITY)
  }

  private async handOut(queue: string, line: Line): Promise<void> {
    for (const waiter of [...line.waiters]) {
      if (!line.waiters.has(waiter)) continue
      line.dueAt = Number.POSITIVE_INFINITY
      try {
        const { messages, nextVisibleAt } = await this.store.receive(queue, waiter.options)
        line.dueAt = Math.min(line.dueAt, nextVisibleAt ?? Number.POSITIVE_INFINITY)
        if (messages.length > 0) await this.deliver(queue, line, waiter, messages)
      } catch (error) {
        waiter.fail(error)
      }
      if (line.dueAt > this.now()) return
    }
  }

  /** Gives messages back where the waiter left while they were on their way. */
  private async deliver(queue: string, line: Line, waiter: Waiter, messages: ReceivedMessage[]): Promise<void> {
    if (line.waiters.has(waiter)) return waiter.settle(messages)
    await this.store.changeVisibility(
      queue,
      messages.map(({ receipt }) => ({ receipt, timeoutMs: 0 })),
    )
  }
}
