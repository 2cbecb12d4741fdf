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

/** What is to be sent, without what becomes of it. */
export type UnsentDelivery = Omit<DeliveryRecord, 'at' | 'status' | 'attempts' | 'outcome'>

const maximumRecords = 1_000
const maximumCharacters = 16_777_216

/** What this process shows of deliveries: the newest 1,000, as long as they have no more than 16 million characters. */
export class DeliveryRecords {
  private readonly clock: SimulatorClock
  /** By key, the oldest first. */
  private readonly records = new Map<string, DeliveryRecord>()
  private characters = 0
  private last = 0

  constructor(clock: SimulatorClock) {
    this.clock = clock
  }

  /** The newest first, at most `limit`. */
  list(limit: number): DeliveryRecord[] {
    return [...this.records.values()].slice(-limit).reverse()
  }

  /** Shows a delivery, once under each `key`; without one it is another each time. */
  add(outgoing: UnsentDelivery, status: DeliveryStatus, outcome?: string, key = `#${++this.last}`): DeliveryRecord {
    const known = this.records.get(key)
    if (known !== undefined) return known
    const shown: DeliveryRecord = {
      at: this.clock.now(),
      ...outgoing,
      status,
      attempts: 0,
      ...(outcome === undefined ? {} : { outcome }),
    }
    this.records.set(key, shown)
    this.characters += shown.message.length
    for (const [oldest, { message }] of this.records) {
      if (this.records.size <= maximumRecords && this.characters <= maximumCharacters) break
      this.records.delete(oldest)
      this.characters -= message.length
    }
    return shown
  }

  clear(): void {
    this.records.clear()
    this.characters = 0
  }
}
