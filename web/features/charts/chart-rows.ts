import type { ChartPoint } from '#contracts/api/live.ts'
import { type ChartRow, looksOf, type Series } from './series-look.ts'

type Measure = 'delivered' | 'retries' | 'lag' | 'p50Ms' | 'p99Ms'

/** Groups that any of the points speaks of, in a steady order. */
export const groupsIn = (points: readonly ChartPoint[]): string[] =>
  [...new Set(points.flatMap((point) => [...Object.keys(point.delivered), ...Object.keys(point.lag)]))].sort()

const keyOf = (measure: Measure, group: string): string => `${measure}:${group}`

/** Points as rows of a chart, a column for each measure of each group, and `published`. */
export function chartRowsOf(
  points: readonly ChartPoint[],
  measures: readonly Measure[],
  groups: readonly string[],
): ChartRow[] {
  return points.map((point) => {
    const row: ChartRow = { at: point.at, published: point.published }
    for (const measure of measures) {
      for (const group of groups) row[keyOf(measure, group)] = point[measure][group] ?? null
    }
    return row
  })
}

/** One series for each measure of each group; a measure's word follows the group if there are several. `look`: that of a group. */
export function seriesOf(
  measures: Partial<Record<Measure, string>>,
  groups: readonly string[],
  look = looksOf(groups),
): Series[] {
  const several = Object.keys(measures).length > 1
  return groups.flatMap((group) =>
    Object.entries(measures).map(([measure, word]) => ({
      key: `${measure}:${group}`,
      look: look(group),
      ...(measure === 'p50Ms' ? { thin: true } : {}),
      label: several ? `${group.replace(/^consumer-/, '')} ${word}` : group,
    })),
  )
}
