/** A moment, in milliseconds into the run, and a value; null if there was none. */
export type ChartXY = readonly [t: number, value: number | null]

/** Points of a line that are drawn at most. */
export const drawnMost = 2_000

/**
 * The points that are drawn: all, or of each of a thousand spans the lowest and the highest, so that no peak is lost.
 */
export function drawn(points: readonly ChartXY[], most = drawnMost): readonly ChartXY[] {
  if (points.length <= most) return points
  const spans = Math.floor(most / 2)
  return Array.from({ length: spans }, (_, span) => {
    const part = points.slice(
      Math.floor((span * points.length) / spans),
      Math.floor(((span + 1) * points.length) / spans),
    )
    const known = part.filter(([, value]) => value !== null)
    const [first] = known
    if (!first) return part.slice(0, 1)
    const value = (point: ChartXY): number => point[1] ?? 0
    const low = known.reduce((least, point) => (value(point) < value(least) ? point : least), first)
    const high = known.reduce((best, point) => (value(point) > value(best) ? point : best), first)
    if (low === high) return [low]
    return low[0] < high[0] ? [low, high] : [high, low]
  }).flat()
}

/** What grew between two samples, per second: one point for each sample but the first. */
export function rateOf(points: readonly (readonly [t: number, total: number])[]): ChartXY[] {
  return points.slice(1).map(([t, total], index): ChartXY => {
    const [before, earlier] = points[index] ?? [0, 0]
    const seconds = (t - before) / 1_000
    return [t, seconds > 0 ? Math.max(0, (total - earlier) / seconds) : null]
  })
}
