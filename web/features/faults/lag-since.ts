import type { ChartPoint } from '#contracts/api/live.ts'
import type { Fault } from '#contracts/faults/fault.ts'

export interface LagSince {
  group: string
  before: number
  after: number
}

/** Unsettled messages of the groups that a fault concerns, when it took effect and now; nothing where the charts do not reach back so far. */
export function lagSince({ observedAt, services }: Fault, charts: readonly ChartPoint[]): LagSince[] {
  const newest = charts.at(-1)
  if (observedAt === undefined || newest === undefined) return []
  const at = Date.parse(observedAt)
  const then = charts.findLast((point) => point.at <= at)
  if (then === undefined) return []
  return services.flatMap((group) => {
    const after = newest.lag[group]
    return after === undefined ? [] : [{ group, before: then.lag[group] ?? 0, after }]
  })
}
