/** What a record makes flow. `metrics/` turns it into rates and percentiles; it says nothing of single messages. */
export interface FlowSink {
  /** The moment that the following calls speak of, epoch milliseconds. */
  at(at: number): void
  published(producer: string, topic: string, ackMs: number | undefined): void
  publishFailed(producer: string, topic: string): void
  routed(topic: string, group: string): void
  taken(group: string, queueMs: number | undefined, retry: boolean): void
  handled(group: string, handlingMs: number, failed: boolean): void
  delivered(group: string, sincePublishMs: number | undefined): void
  effect(group: string, handlingMs: number): void
  deadLettered(group: string): void
}

/** Totals of every node and edge since the data folder was made, for a checkpoint. */
export type FlowTotals = [id: string, flow: number, errors: number, retries: number][]

/** Keeps those totals over a restart. */
export interface FlowTotalsStore {
  totals(): FlowTotals
  restore(totals: FlowTotals): void
}

/** Used while the journal is read again: what flowed then flows no more. */
export const noFlow: FlowSink = {
  at: ignore,
  published: ignore,
  publishFailed: ignore,
  routed: ignore,
  taken: ignore,
  handled: ignore,
  delivered: ignore,
  effect: ignore,
  deadLettered: ignore,
}

function ignore(): void {
  // Nothing is measured of the past.
}
