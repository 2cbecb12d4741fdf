import { rateWindowMs } from '#contracts/api/live.ts'

/** Samples a second; a rate is what came since the oldest sample within the window. */
export const samplesPerSecond = 4
const sampleMs = 1_000 / samplesPerSecond
const samples = rateWindowMs / sampleMs
/** The shortest time, in milliseconds, that a rate is a mean of where something flows for the first time. */
const shortestMs = 1_000

/**
 * A count and its mean rate over the last `rateWindowMs`. Telemetry comes in batches, up to a second apart: over one second alone, a steady
 * ten a second would read as nothing now and as forty then.
 */
export class RateWindow {
  /** Since the data folder was made. */
  total = 0
  ratePerSecond = 0
  /** What came while it flowed; late telemetry counts in `total` only. */
  flowed = 0
  readonly #counts = new Float64Array(samples)
  readonly #times = new Float64Array(samples)
  #startedAt: number | undefined
  #next = 0

  add(count: number, isLate: boolean): void {
    this.total += count
    if (!isLate) this.flowed += count
  }

  /** To be called every 250 ms; `now` is in milliseconds and the rate is honest about a late call. */
  sample(now: number): void {
    this.#startedAt ??= now - sampleMs
    const since = this.#times[this.#next] ?? 0
    const before = this.#counts[this.#next] ?? 0
    const span = since === 0 ? Math.max(now - this.#startedAt, shortestMs) : Math.max(now - since, 1)
    this.ratePerSecond = Math.round(((this.flowed - before) * 10_000) / span) / 10
    this.#times[this.#next] = now
    this.#counts[this.#next] = this.flowed
    this.#next = (this.#next + 1) % samples
  }
}
