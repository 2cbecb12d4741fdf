import type { BrokerName } from '#contracts/brokers/broker-name.ts'

/** A dead letter that somebody discarded on purpose. */
export interface DiscardedLetter {
  /** Absent if its bytes were not an event. */
  messageId?: string | undefined
  /** Whether it was the letter of a message with this trace, or with one of these bodies. */
  wasOf(traceparent: string, bodies: readonly string[]): boolean
}

/** What somebody discarded on purpose: why the broker does not hold it any more. */
export interface Discards {
  /** Oldest first. */
  of(broker: BrokerName, group: string): readonly DiscardedLetter[]
}
