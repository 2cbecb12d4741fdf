import { type ChartPoint, chartGroups } from '#contracts/api/live.ts'

/** A point without its quieter groups if there are more than charts have lines for. */
export function withBusiest(point: ChartPoint): ChartPoint {
  const groups = Object.keys(point.delivered)
  if (groups.length <= chartGroups) return point
  const weight = (group: string): number =>
    (point.delivered[group] ?? 0) + (point.retries[group] ?? 0) + Math.max(0, point.lag[group] ?? 0)
  const busiest = groups
    .map((group) => [group, weight(group)] as const)
    .sort(([, a], [, b]) => b - a)
    .slice(0, chartGroups)
    .map(([group]) => group)
  const of = <Value>(measure: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(busiest.flatMap((group) => (group in measure ? [[group, measure[group] as Value]] : [])))
  return {
    ...{ at: point.at, published: point.published, delivered: of(point.delivered), retries: of(point.retries) },
    ...{ lag: of(point.lag), p50Ms: of(point.p50Ms), p99Ms: of(point.p99Ms) },
  }
}
