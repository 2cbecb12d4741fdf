const firstMs = 200
const longestMs = 10_000

export interface RestartDelay {
  /** Milliseconds to wait before the next start, given how long the last run lasted. */
  after(ranMs: number): number
}

/** Doubles from 200 ms to 10 s; a run of at least `stableMs` counts as recovered and begins again. */
export function createRestartDelay(stableMs = 10_000): RestartDelay {
  let next = firstMs
  return {
    after(ranMs) {
      if (ranMs >= stableMs) next = firstMs
      const delay = next
      next = Math.min(longestMs, next * 2)
      return delay
    },
  }
}
