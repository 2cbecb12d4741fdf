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
import { linearTicks, logTicks, timeTicks } from './axis-ticks.ts'
import { AxisTicks, BandLanes } from './band-lanes.tsx'
import { ChartLegend } from './chart-legend.tsx'
import { rowAt, type Span } from './chart-window.ts'
import { type ChartRow, lineOf, type Series } from './series-look.ts'
import { marksAt, type TimeMarks } from './time-marks.ts'

const timeOf = (at: number): string => new Date(at).toTimeString().slice(0, 8)

/** Widths and heights of what stands around the plot, in pixels. */
const axis = { left: 52, right: 8, bottom: 20 }
/** A point is a second: what happened within one is shown at it. */
const pointMs = 1_000
const steady = 300_000

interface LineChartProps {
  title: string
  /** What is counted, beside the title. */
  aside?: string
  rows: ChartRow[]
  series: Series[]
  format: (value: number) => string
  /** Words of a tick; `format` where absent. `isTop`: the unit stands there alone. */
  tick?: (value: number, isTop: boolean) => string
  scale?: 'linear' | 'log'
  marks: TimeMarks
  /** Of the plot in pixels. Absent: what the surroundings leave. */
  height?: number
  /** Length of the time axis that ends with the newest row; `span` goes before it. */
  seconds?: number
  span?: Span
  /** The moment that the pointer is at, in this chart or one beside it. */
  cursor?: number | undefined
  onCursor?: (at: number | undefined) => void
  /** A span was dragged over. */
  onZoom?: (from: number, to: number) => void
}

/**
 * Lines over the time axis, without animation; faults as bands through it, rebalances as ticks on it. `format` writes a
 * value with its unit. The legend has the values at the cursor, else the newest ones.
 */
export function LineChart(props: LineChartProps) {
  const { title, rows, series, format, tick = format, scale = 'linear', marks, height, seconds, cursor } = props
  const newest = rows.at(-1)?.at ?? 0
  const { from, to } = props.span ?? { from: newest - (seconds === undefined ? steady : seconds * 1_000), to: newest }
  const [dragged, setDragged] = useState<{ from: number; to: number }>()
  const bands = marks.bands.filter((band) => band.from <= to && (band.to ?? to) >= from)
  const shown = rows.filter(({ at }) => at >= from && at <= to)
  const values = shown.flatMap((row) => series.flatMap(({ key }) => row[key] ?? []))
  const ticks = scale === 'log' ? logTicks(values) : linearTicks(Math.max(0, ...values))
  const release = (): void => {
    if (dragged) props.onZoom?.(dragged.from, dragged.to)
    setDragged(undefined)
  }
  return (
    <figure
      className="flex min-w-0 flex-col [&_.recharts-wrapper]:type-11 [&_svg]:focus:outline-none"
      aria-label={title}
    >
      <ChartLegend
        title={title}
        aside={props.aside}
        series={series}
        row={cursor === undefined ? rows.at(-1) : rowAt(rows, cursor)}
        format={format}
      />
      <BandLanes marks={marks} from={from} to={to} left={axis.left} right={axis.right} />
      <div
        className="relative min-h-0 flex-1 select-none"
        style={height === undefined ? undefined : { height, flex: 'none' }}
      >
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 120 }}>
          <Plot
            data={shown}
            margin={{ top: 6, right: axis.right, bottom: 0, left: 0 }}
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
              tickFormatter={(at: number) => (to - from > 120_000 ? timeOf(at).slice(0, 5) : timeOf(at))}
              ticks={timeTicks(from, to, 6)}
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
              labelFormatter={(at) => <Moment at={Number(at)} marks={marks} />}
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
        <AxisTicks marks={marks} from={from} to={to} left={axis.left} right={axis.right} bottom={axis.bottom} />
      </div>
    </figure>
  )
}

/** The head of a tooltip: the time, and what was the case then. */
function Moment({ at, marks }: { at: number; marks: TimeMarks }) {
  return (
    <>
      {timeOf(at)}
      {marksAt(marks, at, pointMs / 2).map((text) => (
        <span key={text} className="block max-w-60 whitespace-normal text-fault-fg">
          {text}
        </span>
      ))}
    </>
  )
}
