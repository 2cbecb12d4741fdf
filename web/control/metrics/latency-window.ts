import { build, type Histogram } from 'hdr-histogram-js'

export interface Percentiles {
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
}

export const noPercentiles: Percentiles = { p50Ms: null, p95Ms: null, p99Ms: null }

/** Slices of two seconds; five of them are the window of ten. */
export const sliceMs = 2_000
const slices = 5
/** One hour in microseconds; what takes longer is counted as that. */
const highestUs = 3_600_000_000

/** A histogram of microseconds that is right to one part in a hundred. */
export const newHistogram = (): Histogram =>
  build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 65_536,
    numberOfSignificantValueDigits: 2,
  })

export const recordMs = (histogram: Histogram, ms: number): void =>
  histogram.recordValue(Math.min(Math.max(Math.round(ms * 1000), 1), highestUs))

export const percentileMs = (histogram: Histogram, percentile: number): number | null =>
  histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percentile) / 1000

/** Percentiles of the last ten seconds, in fixed memory. */
export class LatencyWindow {
  readonly #slices = Array.from({ length: slices }, newHistogram)
  readonly #merged = newHistogram()
  #current = 0
  #percentiles = noPercentiles

  record(ms: number): void {
    const slice = this.#slices[this.#current]
    if (slice) recordMs(slice, ms)
  }

  /** As of the last `refresh`. */
  get percentiles(): Percentiles {
    return this.#percentiles
  }

  refresh(): void {
    if (this.#slices.every((slice) => slice.totalCount === 0)) {
      this.#percentiles = noPercentiles
      return
    }
    this.#merged.reset()
    for (const slice of this.#slices) if (slice.totalCount > 0) this.#merged.add(slice)
    this.#percentiles = {
      p50Ms: percentileMs(this.#merged, 50),
      p95Ms: percentileMs(this.#merged, 95),
      p99Ms: percentileMs(this.#merged, 99),
    }
  }

  /** Begins a new slice; to be called every two seconds. */
  rotate(): void {
    this.#current = (this.#current + 1) % slices
    this.#slices[this.#current]?.reset()
  }
}
