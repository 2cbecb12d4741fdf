import { percentile } from '../statistics.ts'

/** One reading of something that should not grow. */
export interface Reading {
  /** Epoch milliseconds. */
  at: number
  value: number
}

export interface Trend {
  /** Floor at the begin and at the end of what was watched. */
  from: number
  to: number
  slopePerHour: number
  /** Slope times the time watched: what the line says that was added, whatever single readings do. */
  growth: number
  watchedMs: number
}

/** The first part of a life, in which compiled code, pools and caches fill. */
const warmUpShare = 1 / 3
const buckets = 12

/**
 * The line through the floors of a life: readings after the warm-up in twelve equal stretches of time, of each the smallest, since a
 * garbage-collected heap is measured by what is left after a collection; the slope is the median of those of all pairs (Theil-Sen), which
 * one odd stretch does not bend. Undefined with fewer than one reading for each stretch.
 */
export function trendOf(readings: readonly Reading[]): Trend | undefined {
  const [first, last] = [readings.at(0), readings.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const begin = first.at + (last.at - first.at) * warmUpShare
  const width = (last.at - begin) / buckets
  const floors = Array.from({ length: buckets }, (_, index) => {
    const inside = readings.filter(({ at }) => at >= begin + index * width && at <= begin + (index + 1) * width)
    return { at: begin + (index + 0.5) * width, value: Math.min(...inside.map(({ value }) => value)) }
  })
  if (floors.some(({ value }) => !Number.isFinite(value))) return undefined
  const slopes = floors.flatMap((one, index) =>
    floors.slice(index + 1).map((other) => (other.value - one.value) / (other.at - one.at)),
  )
  const slope = percentile(slopes, 0.5)
  const watchedMs = last.at - begin
  return {
    ...{ from: floors[0]?.value ?? Number.NaN, to: floors.at(-1)?.value ?? Number.NaN },
    ...{ slopePerHour: slope * 3_600_000, growth: slope * watchedMs, watchedMs },
  }
}
