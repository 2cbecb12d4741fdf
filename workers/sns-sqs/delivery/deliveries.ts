import type { Logger } from 'pino'
import type { SimulatorClock } from '../clock.ts'
import type { Client, LongPoll } from '../long-poll.ts'
import type { NewMessage, QueueStore, ReceivedMessage } from '../stores/queue-store.ts'
import { type DeliveryRecord, DeliveryRecords, type DeliveryStatus, type Outgoing } from './delivery-records.ts'
import { answerWithinMs, httpPost } from './http-post.ts'
import { deliveryIn, type HttpDelivery, outbox, outboxChanges, outboxMessage } from './outbox.ts'

interface DeliveriesOptions {
  store: QueueStore
  longPoll: LongPoll
  clock: SimulatorClock
  log: Logger
  newId: () => string
}

const inParallel = 32
const atATime = 10
const waitMs = 20_000
/** For how long one attempt has its delivery to itself; where it ends without a word, as with a kill, another begins after that. */
const attemptMs = answerWithinMs * 2
/** Between two looks for deliveries that another process, or this one before it was killed, has left. */
const lookEveryMs = 2_000

/**
 * Deliveries to anything that is not a queue. HTTP endpoints are called, and again by their retry policy, out of the outbox in the store: none is
 * forgotten, and one may come twice, as SNS says. Everything else is recorded only, in this process.
 * RESTING (no outbox is known) → DELIVERING, until the outbox is gone or the store fails → RESTING … → CLOSED.
 */
export class Deliveries {
  private readonly options: DeliveriesOptions
  private readonly records: DeliveryRecords
  /** The newest receipt of each delivery under way, by id of its message. */
  private readonly held = new Map<string, string>()
  private readonly looking: NodeJS.Timeout
  private delivering = false
  private closed = false
  private freed: (() => void) | undefined
  private readonly client: Client

  constructor(options: DeliveriesOptions) {
    this.options = options
    this.records = new DeliveryRecords(options.clock)
    const isClosed = () => this.closed
    this.client = {
      get gone() {
        return isClosed()
      },
      onGone: () => () => {},
    }
    this.looking = setInterval(() => void this.deliver(), lookEveryMs).unref()
    void this.deliver()
  }

  /** The newest first, at most `limit`. */
  list(limit: number): DeliveryRecord[] {
    return this.records.list(limit)
  }

  /** Keeps what would be sent. */
  record(outgoing: Outgoing, status: DeliveryStatus = 'recorded', outcome?: string): void {
    this.records.add(outgoing, status, outcome)
  }

  /** Has an outbox made where there is none. */
  async open(): Promise<void> {
    const { store, clock } = this.options
    if ((await store.knownDeclarations()).queues.has(outbox)) return
    await store.declare((declared) => ({ changes: outboxChanges(declared, clock.now()), result: undefined }))
    void this.deliver()
  }

  /** A delivery as a message that the store is to take, with whatever it belongs to. */
  messageOf(delivery: HttpDelivery): NewMessage {
    return outboxMessage(delivery, this.options.newId())
  }

  /** Shows deliveries whose messages the store has taken. */
  taken(messages: NewMessage[]): void {
    for (const { id, body } of messages) this.records.add(deliveryIn(body).record, 'waiting', undefined, id)
    void this.deliver()
  }

  /** Calls an HTTP endpoint, now and by its delays until it has taken it. Resolves once that is certain to happen. */
  async send(delivery: HttpDelivery): Promise<void> {
    await this.open()
    const message = this.messageOf(delivery)
    await this.options.store.accept([message])
    this.taken([message])
  }

  /** Forgets what was recorded; the outbox goes with the store. */
  clear(): void {
    this.records.clear()
  }

  close(): void {
    this.closed = true
    clearInterval(this.looking)
    this.freed?.()
    this.clear()
  }

  private async deliver(): Promise<void> {
    if (this.delivering) return
    this.delivering = true
    const { store, longPoll, log } = this.options
    try {
      while (!this.closed && (await store.knownDeclarations()).queues.has(outbox)) {
        const room = inParallel - this.held.size
        if (room <= 0) {
          await new Promise<void>((resolve) => {
            this.freed = resolve
          })
          continue
        }
        const wanted = { max: Math.min(atATime, room), visibilityTimeoutMs: attemptMs }
        for (const one of await longPoll.receive(outbox, wanted, waitMs, this.client)) void this.attempt(one)
      }
    } catch (error) {
      log.debug({ err: error }, 'deliveries to HTTP endpoints rest until the store answers')
    } finally {
      this.delivering = false
    }
  }

  private async attempt({ message: { id, body }, receipt, receiveCount }: ReceivedMessage): Promise<void> {
    const running = this.held.has(id)
    this.held.set(id, receipt)
    if (running || this.closed) return
    try {
      const delivery = deliveryIn(body)
      const shown = this.records.add(delivery.record, 'waiting', undefined, id)
      shown.attempts = receiveCount
      const outcome = await httpPost(delivery.record.endpoint, delivery.headers, delivery.record.message)
      await this.settle(id, delivery, shown, outcome)
      // Shown once it is kept: who reads it may rely on when the next attempt is.
      shown.outcome = String(outcome)
    } catch (error) {
      // Its time ends without a word then, and it is attempted again.
      this.options.log.debug({ err: error }, 'what became of a delivery could not be kept')
    } finally {
      this.held.delete(id)
      this.freed?.()
    }
  }

  private async settle(
    id: string,
    delivery: HttpDelivery,
    shown: DeliveryRecord,
    outcome: number | string,
  ): Promise<void> {
    const { store } = this.options
    const receipt = (): string => this.held.get(id) ?? ''
    const status = typeof outcome === 'number' ? outcome : 0
    if (status >= 200 && status < 300) {
      await store.delete(outbox, [receipt()])
      shown.status = 'delivered'
      return
    }
    const permanent = status >= 400 && status < 500 && status !== 429
    const delay = delivery.delays[shown.attempts - 1]
    if (!permanent && delay !== undefined) {
      await store.changeVisibility(outbox, [{ receipt: receipt(), timeoutMs: delay, byAnyReceipt: true }])
      return
    }
    await this.bury(delivery, String(outcome))
    await store.delete(outbox, [receipt()])
    shown.status = 'failed'
  }

  /** What could not be delivered goes to the subscription's dead-letter queue, where it has one; else it is gone. */
  private async bury({ record, deadLetters }: HttpDelivery, outcome: string): Promise<void> {
    const { store, log, newId } = this.options
    const { subscriptionArn, endpoint } = record
    log.warn(
      { subscription: subscriptionArn, target: deadLetters?.queue },
      `${endpoint} was not delivered to: ${outcome}`,
    )
    if (deadLetters === undefined) return
    await store.accept([{ ...deadLetters.message, id: newId(), legs: [{ queue: deadLetters.queue }] }])
  }
}
