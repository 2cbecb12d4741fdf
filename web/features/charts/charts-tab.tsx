'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { count, duration, rate } from '../words/figures.ts'
import { groupsIn, rowsOf, seriesOf } from './chart-rows.ts'
import { LineChart } from './line-chart.tsx'
import { useTimeMarks } from './use-time-marks.ts'

const perSecond = (value: number): string => `${rate(value)}/s`
const whole = (value: number): string => count(Math.round(value))

/** The last five minutes of the whole lab, a point a second. */
export function ChartsTab() {
  const points = useLive((live) => live.charts)
  const groups = useMemo(() => groupsIn(points), [points])
  const marks = useTimeMarks()
  const rows = useMemo(
    () => rowsOf(points, ['delivered', 'retries', 'lag', 'p50Ms', 'p99Ms'], groups),
    [points, groups],
  )
  if (points.length === 0) {
    return (
      <Empty
        icon="graph"
        title="No second is measured yet"
        action={
          <RouteLink className={buttonClass()} path="/publish/burst">
            <Icon name="burst" />
            Run a burst
          </RouteLink>
        }
      >
        The charts begin a second after the lab does.
      </Empty>
    )
  }
  return (
    // A scrolling region has to be reachable by keyboard.
    <section className="charts" aria-label="Charts of the last five minutes">
      <LineChart
        title="Throughput"
        rows={rows}
        series={[{ key: 'published', label: 'published' }, ...seriesOf({ delivered: 'delivered' }, groups)]}
        format={perSecond}
        marks={marks}
      />
      <LineChart
        title="Publish to effect"
        rows={rows}
        series={seriesOf({ p50Ms: 'p50', p99Ms: 'p99' }, groups)}
        format={duration}
        marks={marks}
      />
      <LineChart title="Unsettled" rows={rows} series={seriesOf({ lag: 'lag' }, groups)} format={whole} marks={marks} />
      <LineChart
        title="Retries"
        rows={rows}
        series={seriesOf({ retries: 'retries' }, groups)}
        format={perSecond}
        marks={marks}
      />
    </section>
  )
}
