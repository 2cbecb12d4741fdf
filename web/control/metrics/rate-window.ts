/** Samples a second; a rate is what came since the sample of a second ago. */
export const samplesPerSecond = 4

/** A count and its rate over the last second. */
export class RateWindow {
  /** Since the data folder was made. */
  total = 0
  ratePerSecond = 0
  /** What came while it flowed; late telemetry counts in `total` only. */
  flowed = 0
  readonly #counts = new Float64Array(samplesPerSecond)
  readonly #times = new Float64Array(samplesPerSecond)
  #next = 0

  add(count: number, isLate: boolean): void {
    this.total += count
    if (!isLate) this.flowed += count
  }

  /** To be called every 250 ms; `now` is in milliseconds and the rate is honest about a late call. */
  sample(now: number): void {
    const since = this.#times[this.#next] ?? 0
    const before = this.#counts[this.#next] ?? 0
    const span = since === 0 ? 1_000 : Math.max(now - since, 1)
    this.ratePerSecond = Math.round(((this.flowed - before) * 10_000) / span) / 10
    this.#times[this.#next] = now
    this.#counts[this.#next] = this.flowed
    this.#next = (this.#next + 1) % samplesPerSecond
  }
}
