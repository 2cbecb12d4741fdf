import { type ChartHistory, chartHistorySeconds } from '#contracts/api/chart-history.ts'
import type { ChartPoint } from '#contracts/api/live.ts'

interface Tier {
  stepMs: number
  /** Steps kept. */
  kept: number
  points: ChartPoint[]
  open: ChartPoint[]
}

/** Points kept for each width of a step: 1 h, 6 h and 24 h. */
const kept = 720

/** The past of the charts in steps of 5 s, 30 s and 2 min; fixed memory. It is lost with the process, as rates are. */
export class PastCharts {
  readonly #tiers: Tier[] = [5_000, 30_000, (chartHistorySeconds * 1_000) / kept].map((stepMs) => ({
    stepMs,
    kept,
    points: [],
    open: [],
  }))

  /** To be called with every second's point, in order. */
  take(point: ChartPoint): void {
    for (const tier of this.#tiers) {
      const [first] = tier.open
      if (first && Math.floor(first.at / tier.stepMs) !== Math.floor(point.at / tier.stepMs)) {
        tier.points.push(joined(tier.open))
        if (tier.points.length > tier.kept) tier.points.shift()
        tier.open = []
      }
      tier.open.push(point)
    }
  }

  /** The last `seconds`, in the shortest steps that reach so far; the step that is not over yet is left out. */
  since(seconds: number, now: number): ChartHistory {
    const tier = this.#tiers.find(({ stepMs }) => stepMs * kept >= seconds * 1_000) ?? this.#tiers.at(-1)
    if (!tier) return { stepMs: 1_000, points: [] }
    return { stepMs: tier.stepMs, points: tier.points.filter(({ at }) => at >= now - seconds * 1_000) }
  }
}

function joined(points: readonly ChartPoint[]): ChartPoint {
  return {
    at: points.at(-1)?.at ?? 0,
    published: mean(points.map(({ published }) => published)) ?? 0,
    delivered: byGroup(points, 'delivered', (values) => mean(values) ?? 0),
    retries: byGroup(points, 'retries', (values) => mean(values) ?? 0),
    lag: byGroup(points, 'lag', (values) => Math.max(0, ...values)),
    p50Ms: byGroup(points, 'p50Ms', mean),
    p99Ms: byGroup(points, 'p99Ms', (values) => (values.length === 0 ? null : Math.max(...values))),
  }
}

function byGroup<Value>(
  points: readonly ChartPoint[],
  measure: 'delivered' | 'retries' | 'lag' | 'p50Ms' | 'p99Ms',
  join: (values: number[]) => Value,
): Record<string, Value> {
  const groups = new Set(points.flatMap((point) => Object.keys(point[measure])))
  return Object.fromEntries(
    [...groups].map((group) => [group, join(points.flatMap((point) => point[measure][group] ?? []))]),
  )
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.round((10 * values.reduce((sum, value) => sum + value, 0)) / values.length) / 10
