'use client'
import { useEffect, useMemo, useState } from 'react'
import { replayPatch } from '#web/live/replay.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { isTyping } from '#web/ui/browser/is-typing.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { age, clock, count, durationWords, rate } from '../words/figures.ts'
import { Brush } from './brush.tsx'
import { chartRowsOf, groupsIn, seriesOf } from './chart-rows.ts'
import { type ChartWindow, chartWindowOf, chartWindows, spanBetween, type TimeSpan } from './chart-window.ts'
import { LineChart } from './line-chart.tsx'
import { looksOf } from './series-look.ts'
import { useChartPoints } from './use-chart-points.ts'
import { useTimeMarks } from './use-time-marks.ts'

const perSecond = (value: number): string => `${rate(value)}/s`
const whole = (value: number): string => count(Math.round(value))
const plain = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 })
const rateTick = (value: number, isTop: boolean): string => `${plain(value)}${isTop ? '/s' : ''}`
const timeTick = (ms: number): string => (ms < 1_000 ? `${plain(ms)} ms` : `${plain(ms / 1_000)} s`)

/** The whole lab over time: `?window=` from a minute to a day. A span is zoomed to by dragging; Z goes back. A click picks the moment to replay from. */
export function ChartsTab() {
  const chosen = chartWindowOf(useParam('window'))
  const { points, stepMs } = useChartPoints(chosen.seconds)
  const groups = useMemo(() => groupsIn(points), [points])
  const marks = useTimeMarks()
  const rows = useMemo(
    () => chartRowsOf(points, ['delivered', 'retries', 'lag', 'p50Ms', 'p99Ms'], groups),
    [points, groups],
  )
  const look = useMemo(() => looksOf(groups), [groups])
  const [cursor, setCursor] = useState<number>()
  const [picked, setPicked] = useState<number>()
  const { zoomed, zoom } = useZoom()
  const to = points.at(-1)?.at ?? 0
  const all = { from: to - chosen.seconds * 1_000, to }
  const span = zoomed ?? all
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
  const shared = {
    rows,
    marks,
    span,
    cursor,
    onCursor: setCursor,
    onZoom: (a: number, b: number) => {
      const next = spanBetween(a, b, all)
      if (next) zoom(next)
      else setPicked(a)
    },
  }
  return (
    <>
      <DockTools>
        <span className="truncate whitespace-nowrap text-fg-3">
          {zoomed ? `${age(zoomed.to - zoomed.from)} of ${chosen.label}, ` : ''}
          {durationWords(stepMs)} a point
        </span>
        {picked === undefined ? null : (
          <RouteLink className={buttonClass('plain', true)} path="/" patch={replayPatch(picked)}>
            <Icon name="clock" size={12} />
            Replay from {clock(picked).slice(0, 8)}
          </RouteLink>
        )}
        {zoomed ? (
          <Button small onClick={() => zoom(undefined)}>
            <Icon name="x" size={12} />
            Zoom out <kbd>Z</kbd>
          </Button>
        ) : null}
        <Seg<ChartWindow>
          label="Window"
          value={chosen.value}
          options={chartWindows.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => {
            zoom(undefined)
            setParams({ window: value }, { replace: true })
          }}
        />
      </DockTools>
      <Brush
        rows={rows}
        keys={groups.map((group) => `lag:${group}`)}
        whole={all}
        span={span}
        marks={marks}
        onChange={(next) => zoom(next)}
      />
      {/* A scrolling region has to be reachable by keyboard. */}
      <section
        className="grid min-h-0 flex-1 auto-rows-[minmax(160px,1fr)] grid-cols-[repeat(auto-fit,minmax(min(100%,300px),1fr))] gap-x-4 gap-y-3 overflow-auto px-4 pt-1 pb-2"
        aria-label={`Charts of the last ${chosen.label}`}
      >
        <LineChart
          title="Throughput"
          aside="per second"
          series={[
            { key: 'published', label: 'published', look: look(undefined) },
            ...seriesOf({ delivered: 'delivered' }, groups, look),
          ]}
          format={perSecond}
          tick={rateTick}
          {...shared}
        />
        <LineChart
          title="Publish to effect"
          aside="log scale"
          scale="log"
          series={seriesOf({ p50Ms: 'p50', p99Ms: 'p99' }, groups, look)}
          format={durationWords}
          tick={timeTick}
          {...shared}
        />
        <LineChart
          title="Unsettled"
          aside="messages"
          series={seriesOf({ lag: 'lag' }, groups, look)}
          format={whole}
          tick={plain}
          {...shared}
        />
        <LineChart
          title="Retries"
          aside="per second"
          series={seriesOf({ retries: 'retries' }, groups, look)}
          format={perSecond}
          tick={rateTick}
          {...shared}
        />
      </section>
    </>
  )
}

/** The span that is zoomed to; undefined: the whole window. The Z key goes back. */
function useZoom(): { zoomed: TimeSpan | undefined; zoom: (span: TimeSpan | undefined) => void } {
  const [zoomed, zoom] = useState<TimeSpan>()
  useEffect(() => {
    if (!zoomed) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'z' || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target))
        return
      event.preventDefault()
      zoom(undefined)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [zoomed])
  return { zoomed, zoom }
}
