/** Three to five round values from 0 to at least `most`; the last one is the top of the axis. */
export function linearTicks(most: number): number[] {
  const top = Number.isFinite(most) && most > 0 ? most : 1
  for (let exponent = Math.floor(Math.log10(top)) - 1; ; exponent += 1) {
    for (const factor of [1, 2, 2.5, 5]) {
      const step = factor * 10 ** exponent
      const steps = Math.ceil(top / step - 1e-9)
      if (steps <= 4) return range(Math.max(2, steps)).map((at) => clean(at * step))
    }
  }
}

/**
 * Powers of ten around the values, three to five of them: over wider spans every second one, or fewer. `values` that are
 * not positive have no place on such an axis and are left out.
 */
export function logTicks(values: readonly number[]): number[] {
  const positive = values.filter((value) => value > 0)
  const low = positive.length === 0 ? 0 : Math.floor(Math.log10(Math.min(...positive)) + 1e-9)
  const high = positive.length === 0 ? 2 : Math.ceil(Math.log10(Math.max(...positive)) - 1e-9)
  const every = Math.max(1, Math.ceil((high - low) / 4))
  const count = Math.max(2, Math.ceil((high - low) / every))
  return range(count).map((at) => clean(10 ** (low + at * every)))
}

/** Times of day at round distances within the ends; at most `most` of them. Epoch milliseconds. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200]
  const step = 1_000 * (steps.find((seconds) => (to - from) / (seconds * 1_000) <= most) ?? 86_400)
  // Round in the reader's zone, not in UTC.
  const shift = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - shift) / step) * step + shift
  const ticks: number[] = []
  for (let at = first; at <= to; at += step) ticks.push(at)
  return ticks
}

/** Times from 0 at round distances, at most `most` of them. Milliseconds. */
export function elapsedTicks(to: number, most: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400]
  const step = 1_000 * (steps.find((seconds) => to / (seconds * 1_000) < most) ?? 86_400)
  return range(Math.floor(to / step)).map((at) => at * step)
}

const range = (last: number): number[] => Array.from({ length: last + 1 }, (_, at) => at)
const clean = (value: number): number => Number(value.toPrecision(6))
