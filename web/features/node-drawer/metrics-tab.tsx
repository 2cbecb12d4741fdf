'use client'
import { useMemo } from 'react'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { chartRowsOf, seriesOf } from '#web/features/charts/chart-rows.ts'
import { LineChart } from '#web/features/charts/line-chart.tsx'
import type { ChartRow } from '#web/features/charts/series-look.ts'
import type { TimeMarks } from '#web/features/charts/time-marks.ts'
import { useTimeMarks } from '#web/features/charts/use-time-marks.ts'
import { isRetry } from '#web/features/nodes/retry-nodes.ts'
import { useLive } from '#web/live/live-store.ts'
import { bytes, count, durationWords, rate } from '../words/figures.ts'
import { type GaugeName, gaugeSeconds, useGaugeHistory } from './gauge-history.ts'

const perSecond = (value: number): string => `${rate(value)}/s`
const whole = (value: number): string => count(Math.round(value))
const none: never[] = []

/** The node's figures over time, with the faults that concern it: of its group for five minutes, of its processes since the tab was opened. */
export function MetricsTab({ node }: { node: TopologyNode }) {
  const isGroup = node.kind === 'consumer' || node.kind === 'queue'
  const isService = node.kind === 'consumer' || node.kind === 'producer'
  const marks = useTimeMarks(node)
  return (
    <div className="grid gap-4 px-4 py-3">
      {isGroup ? <GroupCharts group={node.name} marks={marks} /> : <RateChart node={node} marks={marks} />}
      {isService ? <ProcessCharts service={node.name} marks={marks} /> : null}
    </div>
  )
}

function GroupCharts({ group, marks }: { group: string; marks: TimeMarks }) {
  const points = useLive((live) => live.charts)
  const rows = useMemo(
    () => chartRowsOf(points, ['delivered', 'retries', 'lag', 'p50Ms', 'p99Ms'], [group]),
    [points, group],
  )
  return (
    <>
      <LineChart
        title="Settled"
        rows={rows}
        series={[{ key: `delivered:${group}`, label: 'settled' }]}
        format={perSecond}
        marks={marks}
        height={96}
      />
      <LineChart
        title="Publish to effect"
        rows={rows}
        series={[
          { key: `p50Ms:${group}`, label: 'p50' },
          { key: `p99Ms:${group}`, label: 'p99' },
        ]}
        format={durationWords}
        marks={marks}
        height={96}
      />
      <LineChart
        title="Unsettled"
        rows={rows}
        series={seriesOf({ lag: 'lag' }, [group])}
        format={whole}
        marks={marks}
        height={96}
      />
      <LineChart
        title="Retries"
        rows={rows}
        series={[{ key: `retries:${group}`, label: 'retries' }]}
        format={perSecond}
        marks={marks}
        height={96}
      />
    </>
  )
}

/** The sparkline of the card, large: the last minute. */
function RateChart({ node, marks }: { node: TopologyNode; marks: TimeMarks }) {
  const values = useLive((live) => live.sparks[node.id] ?? none)
  const at = useLive((live) => Math.floor(live.at / 1_000) * 1_000)
  const rows = useMemo(
    (): ChartRow[] => values.map((value, index) => ({ at: at - (values.length - 1 - index) * 1_000, value })),
    [values, at],
  )
  const isQueue = node.kind === 'dead_letter_queue' || isRetry(node)
  return (
    <LineChart
      title={isRetry(node) ? `Waiting in ${node.name}` : isQueue ? 'In the queue' : 'Rate'}
      rows={rows}
      series={[{ key: 'value', label: 'last minute' }]}
      format={isQueue ? whole : perSecond}
      marks={marks}
      height={96}
      seconds={60}
    />
  )
}

const gauges: { name: GaugeName; title: string; format: (value: number) => string }[] = [
  { name: 'cpu', title: 'CPU, share of a core', format: (value) => `${Math.round(value * 100)} %` },
  { name: 'rssBytes', title: 'Memory', format: bytes },
  { name: 'eventLoopLagMs', title: 'Event-loop delay p99', format: durationWords },
  { name: 'inHand', title: 'Messages in flight', format: whole },
]

function ProcessCharts({ service, marks }: { service: string; marks: TimeMarks }) {
  const rows = useGaugeHistory(service)
  const instances = [...new Set(rows.flatMap((row) => Object.keys(row)).filter((key) => key.startsWith('cpu:')))]
    .map((key) => key.slice('cpu:'.length))
    .sort()
  if (rows.length === 0) return <p className="text-fg-3">Its processes have not reported yet.</p>
  return gauges.map(({ name, title, format }) => (
    <LineChart
      key={name}
      title={title}
      rows={rows}
      series={instances.map((instance) => ({ key: `${name}:${instance}`, label: instance }))}
      format={format}
      marks={marks}
      height={96}
      seconds={gaugeSeconds}
    />
  ))
}
