import type { Envelope } from '#contracts/events/envelope.ts'

/** Who reads what, and how. */
export interface BareConsumer {
  topic: string
  /** Queue on SQS, group on Kafka. */
  group: string
  /** Batches at a time. */
  lanes: number
  /** Messages of a batch at most. */
  batchSize: number
}

/** Topics and their queues or groups, by a bare client of the broker. */
export interface BarePipe {
  /** Publishes all, which are of one topic, in the client's own batches; resolves when the broker has them. */
  publish(envelopes: readonly Envelope[]): Promise<void>
  /** Hands out messages for ever, and confirms each batch that `handle` took. */
  consume(consumer: BareConsumer, handle: (batch: Envelope[]) => Promise<void>): Promise<void>
}
