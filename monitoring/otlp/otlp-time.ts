import type { HrTime } from '@opentelemetry/api'

/** Epoch milliseconds with a fraction as seconds and nanoseconds. */
export function hrTimeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000)
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)]
}
