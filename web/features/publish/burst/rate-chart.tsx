'use client'

import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts'
import type { Burst } from '#contracts/api/burst.ts'
import { fieldClass } from '#web/ui/recipes/input-box.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { BandLanes } from '../../charts/band-lanes.tsx'
import { useTimeMarks } from '../../charts/use-time-marks.ts'
import { count } from '../../words/figures.ts'
import { emptySeries } from './burst-series.ts'
import { useBursts } from './burst-store.ts'

/** Achieved rate over the burst, against the rate that was asked for, with the faults meanwhile. Absent for a burst that this page did not see run. */
export function RateChart({ burst, plannedMs }: { burst: Burst; plannedMs: number }) {
  const marks = useTimeMarks()
  const { points } = useBursts((bursts) => bursts.series[burst.id]) ?? emptySeries
  if (points.length < 3) return null
  const end = plannedMs / 1000
  const startedAt = Date.parse(burst.startedAt)
  const axis = { from: startedAt, to: startedAt + plannedMs }
  const second = (at: number): number => Math.min(end, Math.max(0, (at - startedAt) / 1000))
  const until = startedAt + burst.elapsedMs
  const bands = marks.bands
    .filter(({ from, to }) => from < axis.to && (to ?? until) > startedAt)
    .map((band) => ({ ...band, to: band.to ?? until }))
  const top = Math.max(burst.ratePerSecond, ...points.map((point) => point.rate)) * 1.1
  return (
    <div className={fieldClass}>
      <div className={sectionHead}>
        <h3>Rate</h3>
        <span className="type-11 text-fg-3">achieved, per second</span>
        <span className="flex-1" />
        <span className="type-11 text-fg-3">asked {count(burst.ratePerSecond)}</span>
      </div>
      <BandLanes marks={{ bands, ticks: [] }} {...axis} left={0} right={8} />
      <div
        className="-mr-1"
        role="img"
        aria-label={`Achieved rate, now ${Math.round(points.at(-1)?.rate ?? 0)} per second`}
      >
        <ResponsiveContainer width="100%" height={96}>
          <LineChart data={points} margin={{ top: 4, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              type="number"
              domain={[0, end]}
              ticks={[0, end / 3, (end * 2) / 3, end]}
              axisLine={{ stroke: 'var(--border)' }}
              tickLine={false}
              tick={<Tick end={end} />}
              interval={0}
              height={20}
            />
            <YAxis hide domain={[0, top]} />
            <ReferenceLine y={burst.ratePerSecond} stroke="var(--text-3)" strokeDasharray="2 3" />
            {bands.map((band) => (
              <ReferenceArea
                key={band.id}
                x1={second(band.from)}
                x2={second(band.to)}
                fill="var(--band)"
                fillOpacity={1}
                stroke="var(--fault)"
                strokeDasharray="3 3"
                strokeOpacity={0.7}
              />
            ))}
            <Line
              dataKey="rate"
              type="linear"
              dot={false}
              stroke="var(--series-1)"
              strokeWidth={1.5}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </div>
  )
}

interface TickProps {
  end: number
  /** The rest is given by the chart. */
  x?: number
  y?: number
  payload?: { value: number }
}

/** The first and the last label stay within the chart; they carry the unit. */
function Tick({ end, x = 0, y = 0, payload }: TickProps) {
  const value = payload?.value ?? 0
  const edge = value === 0 ? 'start' : value === end ? 'end' : 'middle'
  return (
    <text x={x} y={y + 8} textAnchor={edge} fontSize={11} fill="var(--text-3)">
      {round(value)}
      {edge === 'middle' ? '' : ' s'}
    </text>
  )
}

const round = (seconds: number): string => String(Number(seconds.toFixed(seconds < 10 ? 1 : 0)))
