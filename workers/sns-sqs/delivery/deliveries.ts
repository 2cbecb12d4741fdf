import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Logger } from 'pino'
import type { SimulatorClock } from '../clock.ts'

/** What became of a delivery that is not a queue's: handed over, waiting for another attempt, given up, or only recorded. */
export type DeliveryStatus = 'recorded' | 'waiting' | 'delivered' | 'failed'

export interface DeliveryRecord {
  /** Epoch milliseconds. */
  at: number
  protocol: string
  endpoint: string
  topicArn: string
  subscriptionArn: string
  messageId: string
  type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  subject?: string
  /** What the endpoint is, or would be, sent. */
  message: string
  status: DeliveryStatus
  attempts: number
  /** HTTP status or the error of the last attempt. */
  outcome?: string
}

export interface HttpDelivery {
  record: Omit<DeliveryRecord, 'at' | 'status' | 'attempts' | 'outcome'>
  headers: Record<string, string>
  /** Milliseconds before each further attempt. */
  delays: number[]
  /** Called once nothing is tried any more. */
  givenUp: (outcome: string) => Promise<void>
}

interface Pending extends HttpDelivery {
  shown: DeliveryRecord
  dueAt: number
}

const maximumRecords = 1_000
const maximumCharacters = 16_777_216
const maximumPending = 10_000
const inParallel = 32
const answerWithinMs = 15_000

/**
 * Deliveries to anything that is not a queue. HTTP endpoints are called, and again by their retry policy; everything else is recorded only.
 * Kept in this process: the newest 1,000 records, at most 10,000 attempts to come, which a kill forgets.
 */
export class Deliveries {
  private readonly clock: SimulatorClock
  private readonly log: Logger
  private records: DeliveryRecord[] = []
  private characters = 0
  private readonly pending = new Set<Pending>()
  private running = 0
  private timer: NodeJS.Timeout | undefined
  private closed = false

  constructor(clock: SimulatorClock, log: Logger) {
    this.clock = clock
    this.log = log
    clock.onMoved(() => this.work())
  }

  /** The newest first, at most `limit`. */
  list(limit: number): DeliveryRecord[] {
    return this.records.slice(-limit).reverse()
  }

  /** Keeps what would be sent. */
  record(delivery: HttpDelivery['record'], status: DeliveryStatus = 'recorded', outcome?: string): DeliveryRecord {
    const shown: DeliveryRecord = {
      at: this.clock.now(),
      ...delivery,
      status,
      attempts: 0,
      ...(outcome === undefined ? {} : { outcome }),
    }
    this.records.push(shown)
    this.characters += shown.message.length
    while (this.records.length > maximumRecords || this.characters > maximumCharacters) {
      const oldest = this.records.shift()
      if (oldest === undefined) break
      this.characters -= oldest.message.length
    }
    return shown
  }

  /** Calls an HTTP endpoint, now and by its delays until it has taken it. */
  send(delivery: HttpDelivery): void {
    const shown = this.record(delivery.record, 'waiting')
    const pending: Pending = { ...delivery, shown, dueAt: this.clock.now() }
    if (this.pending.size >= maximumPending) {
      void this.giveUp(pending, 'too many deliveries wait for another attempt')
      return
    }
    this.pending.add(pending)
    this.work()
  }

  clear(): void {
    this.records = []
    this.characters = 0
    this.pending.clear()
    clearTimeout(this.timer)
  }

  close(): void {
    this.closed = true
    this.clear()
  }

  private work(): void {
    if (this.closed) return
    clearTimeout(this.timer)
    const now = this.clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const one of this.pending) {
      if (one.dueAt > now) next = Math.min(next, one.dueAt)
      else if (this.running < inParallel) {
        this.pending.delete(one)
        this.running++
        void this.attempt(one).finally(() => {
          this.running--
          this.work()
        })
      }
    }
    if (Number.isFinite(next)) this.timer = setTimeout(() => this.work(), Math.min(next - now, 60_000)).unref()
  }

  private async attempt(one: Pending): Promise<void> {
    one.shown.attempts++
    const outcome = await post(one.record.endpoint, one.headers, one.record.message)
    one.shown.outcome = String(outcome)
    if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) {
      one.shown.status = 'delivered'
      return
    }
    const permanent = typeof outcome === 'number' && outcome >= 400 && outcome < 500 && outcome !== 429
    const delay = one.delays.shift()
    if (permanent || delay === undefined) return this.giveUp(one, String(outcome))
    one.dueAt = this.clock.now() + delay
    if (!this.closed) this.pending.add(one)
  }

  private async giveUp(one: Pending, outcome: string): Promise<void> {
    one.shown.status = 'failed'
    one.shown.outcome = outcome
    await one.givenUp(outcome).catch((error: unknown) => {
      this.log.warn({ err: error, endpoint: one.record.endpoint }, 'a delivery could not be put among the dead letters')
    })
  }
}

/** The status of the answer, or what went wrong. Credentials in the URL become basic authentication. */
function post(endpoint: string, headers: Record<string, string>, body: string): Promise<number | string> {
  return new Promise((resolve) => {
    let url: URL
    try {
      url = new URL(endpoint)
    } catch {
      resolve('the endpoint is no URL')
      return
    }
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
        timeout: answerWithinMs,
        // A local endpoint has a certificate of its own, if any.
        ...(url.protocol === 'https:' ? { rejectUnauthorized: false } : {}),
        ...(url.username === ''
          ? {}
          : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
      },
      (response) => {
        response.resume()
        response.on('error', () => {})
        resolve(response.statusCode ?? 0)
      },
    )
    request.on('timeout', () => request.destroy(new Error(`no answer within ${answerWithinMs} ms`)))
    request.on('error', (error) => resolve(error.message))
    request.end(body)
  })
}
