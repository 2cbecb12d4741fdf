import { type ChartPoint, rateWindowMs } from '#contracts/api/live.ts'

/** Messages published per second, as a mean over the time of every other rate; `charts` are points of one second, oldest first. */
export function publishedPerSecond({ charts }: { charts: readonly ChartPoint[] }): number {
  const newest = charts.slice(-rateWindowMs / 1_000)
  return newest.length === 0 ? 0 : newest.reduce((sum, { published }) => sum + published, 0) / newest.length
}
