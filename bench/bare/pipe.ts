import type { Envelope } from '#contracts/events/envelope.ts'

/** Half of `topic` and its two queues or groups, by a bare client of the broker. */
export interface BarePipe {
  /** Publishes all, in the client's own batches; resolves when the broker has them. */
  publish(envelopes: readonly Envelope[]): Promise<void>
  /** Hands out messages for ever, `lanes` batches at a time of up to `batchSize`, and confirms each batch that `handle` took. */
  consume(group: string, lanes: number, batchSize: number, handle: (batch: Envelope[]) => Promise<void>): Promise<void>
}
