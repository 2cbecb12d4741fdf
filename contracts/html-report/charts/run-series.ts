import type { RunSample } from '../../api/run.ts'
import { type ChartXY, rateOf } from './points.ts'

export interface ReportSeries {
  name: string
  /** Number of its colour and dash, which are those of its group in every chart. */
  look: number
  points: ChartXY[]
}

/** A chart over the time of the run. */
export interface ChartData {
  title: string
  unit: string
  series: ReportSeries[]
}

/** Groups that are drawn at most: those with the longest backlog. */
export const groupsMost = 6

/** The groups that are drawn, and how many others there are. */
export function drawnGroups(samples: readonly RunSample[]): { names: string[]; others: number } {
  const peaks = new Map<string, number>()
  for (const { groups } of samples)
    for (const [name, { lag }] of Object.entries(groups)) peaks.set(name, Math.max(peaks.get(name) ?? 0, lag))
  const names = [...peaks].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name)
  return { names: names.slice(0, groupsMost).sort(), others: Math.max(0, names.length - groupsMost) }
}

/** Throughput, lag, 99th percentile and retries of a run. */
export function runCharts(samples: readonly RunSample[], names: readonly string[]): ChartData[] {
  const of = (pick: (group: RunSample['groups'][string]) => number | null): ReportSeries[] =>
    names.map((name, look) => ({
      ...{ name, look },
      points: samples.map(({ t, groups }): ChartXY => [t, groups[name] ? pick(groups[name]) : null]),
    }))
  const delivered = names.map((name, look) => ({
    ...{ name: `${name} delivered`, look },
    points: rateOf(samples.map(({ t, groups }) => [t, groups[name]?.delivered ?? 0])),
  }))
  const acked = {
    name: 'acknowledged',
    look: groupsMost,
    points: rateOf(samples.map((sample) => [sample.t, sample.acked])),
  }
  return [
    { title: 'Throughput', unit: 'messages a second', series: [acked, ...delivered] },
    { title: 'Lag', unit: 'unsettled messages', series: of(({ lag }) => lag) },
    { title: 'p99 from due to effect, so far', unit: 'ms', series: of(({ p99Ms }) => p99Ms) },
    { title: 'Retries', unit: 'messages that wait for one', series: of(({ retrying }) => retrying) },
  ]
}
