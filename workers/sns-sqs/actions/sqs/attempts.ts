import { checkFifoId } from '../../semantics/fifo.ts'
import type { QueueDefinition, ReceivedMessage, ReceiveOptions } from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'

interface Attempt {
  queue: string
  id: string
  messages: ReceivedMessage[]
  at: number
  /** Until when its messages are hidden. */
  hiddenUntil: number
}

/** For how long a receive of a FIFO queue can be repeated with its attempt id. */
const repeatableMs = 300_000
const maximumAttempts = 2_000

/**
 * Receives of FIFO queues that carry a `ReceiveRequestAttemptId`: the same id within five minutes is given the same messages with the same
 * receipts, hidden again, as long as none of them was deleted or had its visibility changed. Kept by this process, the newest 2,000.
 */
export class AttemptBook {
  private readonly attempts = new Map<string, Attempt>()
  private readonly byReceipt = new Map<string, string>()

  async receive(
    queue: QueueDefinition,
    id: string,
    options: ReceiveOptions,
    waitMs: number,
    services: ActionServices,
    call: Call,
  ): Promise<ReceivedMessage[]> {
    checkFifoId('ReceiveRequestAttemptId', id)
    const key = `${queue.name} ${id}`
    const now = services.clock.now()
    const timeoutMs = options.visibilityTimeoutMs ?? queue.settings.visibilityTimeoutMs
    const known = this.attempts.get(key)
    if (known !== undefined && now - known.at < repeatableMs && now < known.hiddenUntil) {
      const changes = known.messages.map(({ receipt }) => ({ receipt, timeoutMs }))
      const outcomes = await services.store.changeVisibility(queue.name, changes)
      if (outcomes.every((outcome) => outcome === 'done')) {
        known.hiddenUntil = now + timeoutMs
        return known.messages
      }
    }
    this.forget(key)
    const messages = await services.longPoll.receive(queue.name, options, waitMs, call.client)
    if (messages.length > 0)
      this.remember(key, { queue: queue.name, id, messages, at: now, hiddenUntil: services.clock.now() + timeoutMs })
    return messages
  }

  /** A message that was deleted or whose visibility changed takes its attempt with it. */
  forgetReceipts(receipts: string[]): void {
    if (this.byReceipt.size === 0) return
    for (const receipt of receipts) {
      const key = this.byReceipt.get(receipt)
      if (key !== undefined) this.forget(key)
    }
  }

  /** The queue is purged or gone. */
  forgetQueue(name: string): void {
    for (const [key, { queue }] of this.attempts) if (queue === name) this.forget(key)
  }

  clear(): void {
    this.attempts.clear()
    this.byReceipt.clear()
  }

  private remember(key: string, attempt: Attempt): void {
    this.attempts.set(key, attempt)
    for (const { receipt } of attempt.messages) this.byReceipt.set(receipt, key)
    while (this.attempts.size > maximumAttempts) {
      const [oldest] = this.attempts.keys()
      if (oldest === undefined) return
      this.forget(oldest)
    }
  }

  private forget(key: string): void {
    for (const { receipt } of this.attempts.get(key)?.messages ?? []) this.byReceipt.delete(receipt)
    this.attempts.delete(key)
  }
}
