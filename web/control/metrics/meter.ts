import { LatencyWindow } from './latency-window.ts'
import { RateWindow } from './rate-window.ts'

/** What flows through one node or edge. */
export class Meter {
  readonly flow = new RateWindow()
  readonly errors = new RateWindow()
  readonly retries = new RateWindow()
  #latency: LatencyWindow | undefined

  record(ms: number): void {
    this.#latency ??= new LatencyWindow()
    this.#latency.record(ms)
  }

  /** Undefined if nothing is timed here. */
  get latency(): LatencyWindow | undefined {
    return this.#latency
  }

  sample(now: number): void {
    this.flow.sample(now)
    this.errors.sample(now)
    this.retries.sample(now)
  }
}
