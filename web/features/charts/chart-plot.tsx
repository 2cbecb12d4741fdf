'use client'
import { useState } from 'react'
import {
  CartesianGrid,
  Line,
  LineChart as Plot,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { elapsedTicks, linearTicks, logTicks, timeTicks } from './axis-ticks.ts'
import { AxisTicks } from './band-lanes.tsx'
import type { TimeSpan } from './chart-window.ts'
import { NoteFlags } from './note-flags.tsx'
import { type ChartRow, lineOf, type Series } from './series-look.ts'
import { marksAt, type TimeMarks } from './time-marks.ts'

const clockOf = (at: number): string => new Date(at).toTimeString().slice(0, 8)
const secondsOf = (ms: number): string => `${Number((ms / 1_000).toFixed(1))}`

/** Widths and heights of what is around the plot, in pixels. */
export const axis = { left: 52, right: 8, bottom: 20 }
/** A point is a second: what happened within one is shown at it. */
const pointMs = 1_000

export interface ChartPlotProps {
  rows: ChartRow[]
  series: Series[]
  format: (value: number) => string
  /** Words of a tick; `format` where absent. `isTop`: the unit is there alone. */
  tick?: (value: number, isTop: boolean) => string
  scale?: 'linear' | 'log'
  /** The least top of a linear axis: counts are whole, so that a few of them need no finer one. */
  least?: number
  marks: TimeMarks
  /** Of the plot in pixels. Absent: what the surroundings leave. */
  height?: number
  span: TimeSpan
  /** The time axis counts from 0, in seconds, and does not show the time of day. */
  elapsed?: boolean
  /** Whether times are written below it; by default they are. */
  timed?: boolean
  /** The moment that the pointer is at, in this chart or one beside it. */
  cursor?: number | undefined
  onCursor?: (at: number | undefined) => void
  /** A span was dragged over. */
  onZoom?: (from: number, to: number) => void
}

/** Lines over a time axis, without animation; faults as bands through it, phases as dotted lines, notes as flags, rebalances as ticks on it. */
export function ChartPlot(props: ChartPlotProps) {
  const { rows, series, format, tick = format, scale = 'linear', marks, height, cursor } = props
  const { elapsed = false, timed = true } = props
  const { from, to } = props.span
  const bottom = timed ? axis.bottom : 4
  const timeOf = elapsed ? (at: number) => `${secondsOf(at)} s` : clockOf
  const [dragged, setDragged] = useState<{ from: number; to: number }>()
  const bands = marks.bands.filter((band) => band.from <= to && (band.to ?? to) >= from)
  const shown = rows.filter(({ at }) => at >= from && at <= to)
  const values = shown.flatMap((row) => series.flatMap(({ key }) => row[key] ?? []))
  const ticks = scale === 'log' ? logTicks(values) : linearTicks(Math.max(props.least ?? 0, ...values))
  const release = (): void => {
    if (dragged) props.onZoom?.(dragged.from, dragged.to)
    setDragged(undefined)
  }
  return (
    <div
      className="relative min-h-0 flex-1 select-none"
      style={height === undefined ? undefined : { height, flex: 'none' }}
    >
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 120 }}>
        <Plot
          data={shown}
          margin={{ top: 6, right: axis.right, bottom: timed ? 0 : bottom, left: 0 }}
          accessibilityLayer={false}
          onMouseDown={({ activeLabel }) => {
            const at = Number(activeLabel)
            if (props.onZoom && Number.isFinite(at)) setDragged({ from: at, to: at })
          }}
          onMouseMove={({ activeLabel }) => {
            const at = activeLabel === undefined ? undefined : Number(activeLabel)
            props.onCursor?.(at)
            if (dragged && at !== undefined) setDragged({ from: dragged.from, to: at })
          }}
          onMouseUp={release}
          onMouseLeave={() => {
            props.onCursor?.(undefined)
            release()
          }}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            type="number"
            domain={[from, to]}
            allowDataOverflow
            tickFormatter={(at: number) =>
              elapsed ? secondsOf(at) : to - from > 120_000 ? clockOf(at).slice(0, 5) : clockOf(at)
            }
            hide={!timed}
            ticks={elapsed ? elapsedTicks(to, 8) : timeTicks(from, to, 6)}
            minTickGap={24}
            tick={{ fontSize: 11, fill: 'var(--text-3)' }}
            stroke="var(--border)"
            tickLine={false}
            height={axis.bottom}
          />
          <YAxis
            width={axis.left}
            scale={scale}
            domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
            allowDataOverflow
            ticks={ticks}
            interval={0}
            tickFormatter={(value: number) => tick(value, value === ticks.at(-1))}
            tick={{ fontSize: 11, fill: 'var(--text-3)' }}
            axisLine={false}
            tickLine={false}
          />
          <Tooltip
            isAnimationActive={false}
            offset={16}
            labelFormatter={(at) => <Moment at={Number(at)} time={timeOf(Number(at))} marks={marks} />}
            formatter={(value, name) => [typeof value === 'number' ? format(value) : '–', name]}
            contentStyle={{
              background: 'var(--raised)',
              border: '1px solid var(--border)',
              borderRadius: 6,
              font: 'var(--t-11)',
              color: 'var(--text)',
            }}
            itemStyle={{ color: 'var(--text)', padding: 0 }}
          />
          {bands.map((band) => (
            <ReferenceArea
              key={band.id}
              x1={Math.max(from, band.from)}
              x2={Math.min(to, band.to ?? to)}
              fill="var(--band)"
              fillOpacity={1}
              stroke="none"
            />
          ))}
          {(marks.edges ?? [])
            .filter(({ at }) => at > from && at < to)
            .map(({ at, label }) => (
              <ReferenceLine key={`${label} ${at}`} x={at} stroke="var(--border-strong)" strokeDasharray="1 3" />
            ))}
          {(marks.notes ?? [])
            .filter(({ at }) => at >= from && at <= to)
            .map(({ at, label }) => (
              <ReferenceLine key={`${label} ${at}`} x={at} stroke="var(--accent)" />
            ))}
          {bands.flatMap((band) =>
            [band.from, band.to]
              .filter((edge) => edge !== undefined && edge >= from && edge <= to)
              .map((edge) => (
                <ReferenceLine
                  key={`${band.id} ${edge}`}
                  x={edge}
                  stroke="var(--fault)"
                  strokeDasharray="3 3"
                  strokeOpacity={0.7}
                />
              )),
          )}
          {series.map((one) => (
            <Line
              key={one.key}
              dataKey={one.key}
              name={one.label}
              dot={false}
              activeDot={{ r: 3 }}
              isAnimationActive={false}
              connectNulls={false}
              type="linear"
              {...lineOf(one)}
            />
          ))}
          {cursor === undefined || cursor < from || cursor > to ? null : (
            <ReferenceLine x={cursor} stroke="var(--border-strong)" />
          )}
          {dragged ? (
            <ReferenceArea
              x1={Math.min(dragged.from, dragged.to)}
              x2={Math.max(dragged.from, dragged.to)}
              fill="var(--accent-bg)"
              fillOpacity={0.7}
              stroke="var(--accent)"
            />
          ) : null}
        </Plot>
      </ResponsiveContainer>
      <NoteFlags marks={marks} from={from} to={to} left={axis.left} right={axis.right} />
      <AxisTicks marks={marks} from={from} to={to} left={axis.left} right={axis.right} bottom={bottom} />
    </div>
  )
}

/** The head of a tooltip: the time, and what was the case then. */
function Moment({ at, time, marks }: { at: number; time: string; marks: TimeMarks }) {
  return (
    <>
      {time}
      {marksAt(marks, at, pointMs / 2).map((text) => (
        <span key={text} className="block max-w-60 whitespace-normal text-fault-fg">
          {text}
        </span>
      ))}
    </>
  )
}
