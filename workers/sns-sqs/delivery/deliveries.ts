import type { Logger } from 'pino'
import type { SimulatorClock } from '../clock.ts'
import type { Client, LongPoll } from '../long-poll.ts'
import type { NewMessage, QueueStore, ReceivedMessage } from '../stores/queue-store.ts'
import { Backlog, type BacklogBounds } from './backlog.ts'
import { type DeliveryRecord, DeliveryRecords, type DeliveryStatus, type UnsentDelivery } from './delivery-records.ts'
import { answerWithinMs, httpPost } from './http-post.ts'
import { deliveryIn, type HttpDelivery, outbox, outboxChanges, outboxMessage } from './outbox.ts'
import { Turns } from './turns.ts'

interface DeliveriesOptions {
  store: QueueStore
  longPoll: LongPoll
  clock: SimulatorClock
  log: Logger
  newId: () => string
  /** How much may wait for HTTP endpoints. */
  bounds?: BacklogBounds
  /** Between two times at which those that wait for their turn are kept hidden, in milliseconds. Default a third of an attempt's time. */
  renewEveryMs?: number
}

/** Deliveries as messages that the store is to take, with whatever they belong to. */
export interface Prepared {
  messages: NewMessage[]
  /** Those of `messages` that wait in the outbox. */
  waiting: NewMessage[]
  /** What there is no room for: of these `messages` has what goes to a dead-letter queue. */
  refused: HttpDelivery[]
}

const tooMany = 'too many deliveries wait for another attempt'

const inParallel = 32
/** Of those, calls of one endpoint. */
const inParallelOfOne = 8
const atATime = 10
const renewedAtATime = 100
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
  private readonly backlog: Backlog
  /** The newest receipt of each delivery under way or waiting for its turn, by id of its message. */
  private readonly held = new Map<string, string>()
  private readonly turns = new Turns(inParallelOfOne)
  private readonly looking: NodeJS.Timeout
  private readonly renewing: NodeJS.Timeout
  private delivering = false
  private closed = false
  private freed: (() => void) | undefined
  private readonly client: Client

  constructor(options: DeliveriesOptions) {
    this.options = options
    this.records = new DeliveryRecords(options.clock)
    this.backlog = new Backlog(options.store, options.bounds)
    const isClosed = () => this.closed
    this.client = {
      get gone() {
        return isClosed()
      },
      onGone: () => () => {},
    }
    this.looking = setInterval(() => void this.deliver(), lookEveryMs).unref()
    this.renewing = setInterval(() => void this.renew(), options.renewEveryMs ?? attemptMs / 3).unref()
    void this.deliver()
  }

  /** The newest first, at most `limit`. */
  list(limit: number): DeliveryRecord[] {
    return this.records.list(limit)
  }

  /** Keeps what would be sent. */
  record(outgoing: UnsentDelivery, status: DeliveryStatus = 'recorded', outcome?: string): void {
    this.records.add(outgoing, status, outcome)
  }

  /** Has an outbox made if there is none. */
  async open(): Promise<void> {
    const { store, clock } = this.options
    if ((await store.knownDeclarations()).queues.has(outbox)) return
    await store.declare((declared) => ({ changes: outboxChanges(declared, clock.now()), result: undefined }))
    void this.deliver()
  }

  /** What the store has to take for these deliveries. Where too many wait already they are given up; the outbox must be open. */
  async prepare(deliveries: HttpDelivery[]): Promise<Prepared> {
    if (deliveries.length === 0) return { messages: [], waiting: [], refused: [] }
    const wanted = deliveries.map((delivery) => ({ delivery, message: outboxMessage(delivery, this.options.newId()) }))
    const admitted = await this.backlog.admit(wanted)
    const waiting = admitted.map(({ message }) => message)
    const refused = wanted.filter((one) => !admitted.includes(one)).map(({ delivery }) => delivery)
    const buried = refused.flatMap(({ deadLetters }) =>
      deadLetters === undefined ? [] : [this.deadLetter(deadLetters)],
    )
    return { messages: [...waiting, ...buried], waiting, refused }
  }

  /** Shows deliveries whose messages the store has taken. */
  taken({ waiting, refused }: Prepared): void {
    for (const { id, body } of waiting) this.records.add(deliveryIn(body).record, 'waiting', undefined, id)
    for (const delivery of refused) {
      this.warn(delivery, tooMany)
      this.records.add(delivery.record, 'failed', tooMany)
    }
    void this.deliver()
  }

  /** Gives back the room of deliveries whose messages the store has not taken. */
  withdrawn({ waiting }: Prepared): void {
    this.backlog.withdraw(waiting)
  }

  /** Calls an HTTP endpoint, now and by its delays until it has taken it. Resolves once that is certain to happen, or given up. */
  async send(delivery: HttpDelivery): Promise<void> {
    await this.open()
    const prepared = await this.prepare([delivery])
    try {
      if (prepared.messages.length > 0) await this.options.store.accept(prepared.messages)
    } catch (error) {
      this.withdrawn(prepared)
      throw error
    }
    this.taken(prepared)
  }

  /** Forgets what was recorded; the outbox goes with the store. */
  clear(): void {
    this.records.clear()
    this.backlog.clear()
  }

  close(): void {
    this.closed = true
    clearInterval(this.looking)
    clearInterval(this.renewing)
    this.freed?.()
    this.clear()
  }

  private async deliver(): Promise<void> {
    if (this.delivering) return
    this.delivering = true
    const { store, longPoll, log } = this.options
    try {
      while (!this.closed && (await store.knownDeclarations()).queues.has(outbox)) {
        const room = inParallel - this.turns.running
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

  private async attempt(received: ReceivedMessage): Promise<void> {
    const { id } = received.message
    const known = this.held.has(id)
    this.held.set(id, received.receipt)
    if (known || this.closed) return
    try {
      await this.inTurn(received)
    } catch (error) {
      // Its time ends without a word then, and it is attempted again.
      this.options.log.debug({ err: error }, 'what became of a delivery could not be kept')
    } finally {
      this.held.delete(id)
      this.freed?.()
    }
  }

  private async inTurn({ message: { id, body }, receiveCount }: ReceivedMessage): Promise<void> {
    const delivery = deliveryIn(body)
    const { endpoint, message } = delivery.record
    this.backlog.see({ id, body }, endpoint)
    const shown = this.records.add(delivery.record, 'waiting', undefined, id)
    await this.turns.begin(endpoint, id)
    try {
      // It waited for its turn until the server was stopped: it is attempted after the next start.
      if (this.closed) return
      shown.attempts = receiveCount
      if (await this.hasEnded(delivery)) {
        await this.finish(id)
        shown.status = 'failed'
        shown.outcome = 'the subscription has ended'
        return
      }
      const outcome = await httpPost(endpoint, delivery.headers, message)
      await this.settle(id, delivery, shown, outcome)
      // Shown once it is kept: who reads it may rely on when the next attempt is.
      shown.outcome = String(outcome)
    } finally {
      this.turns.end(endpoint)
    }
  }

  /** Those that wait for their turn stay hidden: received again they would count as attempted. */
  private async renew(): Promise<void> {
    const ids = this.turns.waiting()
    const { store, log } = this.options
    try {
      for (let at = 0; at < ids.length && !this.closed; at += renewedAtATime) {
        const receipts = ids.slice(at, at + renewedAtATime).map((id) => this.receiptOf(id))
        await store.changeVisibility(
          outbox,
          receipts.map((receipt) => ({ receipt, timeoutMs: attemptMs, byAnyReceipt: true })),
        )
      }
    } catch (error) {
      log.debug({ err: error }, 'deliveries that wait for their turn could not be kept hidden')
    }
  }

  private async settle(
    id: string,
    delivery: HttpDelivery,
    shown: DeliveryRecord,
    outcome: number | string,
  ): Promise<void> {
    const { store } = this.options
    const status = typeof outcome === 'number' ? outcome : 0
    if (status >= 200 && status < 300) {
      await this.finish(id)
      shown.status = 'delivered'
      return
    }
    const permanent = status >= 400 && status < 500 && status !== 429
    const delay = delivery.delays[shown.attempts - 1]
    if (!permanent && delay !== undefined) {
      await store.changeVisibility(outbox, [{ receipt: this.receiptOf(id), timeoutMs: delay, byAnyReceipt: true }])
      return
    }
    await this.bury(delivery, String(outcome))
    await this.finish(id)
    shown.status = 'failed'
  }

  /** Whether nobody wants a notification any more: its subscription or topic was removed. */
  private async hasEnded({ record: { type, subscriptionArn } }: HttpDelivery): Promise<boolean> {
    if (type !== 'Notification') return false
    const { store } = this.options
    if ((await store.knownDeclarations()).subscriptions.has(subscriptionArn)) return false
    // Another process may have made it a moment ago.
    return !(await store.declarations()).subscriptions.has(subscriptionArn)
  }

  private async finish(id: string): Promise<void> {
    await this.options.store.delete(outbox, [this.receiptOf(id)])
    this.backlog.drop(id)
  }

  private receiptOf(id: string): string {
    return this.held.get(id) ?? ''
  }

  /** What could not be delivered goes to the subscription's dead-letter queue, where it has one; else it is gone. */
  private async bury(delivery: HttpDelivery, outcome: string): Promise<void> {
    this.warn(delivery, outcome)
    if (delivery.deadLetters !== undefined) await this.options.store.accept([this.deadLetter(delivery.deadLetters)])
  }

  private deadLetter({ queue, message }: NonNullable<HttpDelivery['deadLetters']>): NewMessage {
    return { ...message, id: this.options.newId(), legs: [{ queue }] }
  }

  private warn({ record: { subscriptionArn, endpoint }, deadLetters }: HttpDelivery, outcome: string): void {
    this.options.log.warn(
      { subscription: subscriptionArn, target: deadLetters?.queue },
      `${endpoint} was not delivered to: ${outcome}`,
    )
  }
}
