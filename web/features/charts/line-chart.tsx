'use client'
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
import { AxisTicks, BandLanes } from './band-lanes.tsx'
import { marksAt, type TimeMarks } from './time-marks.ts'

/** One line of a chart. Lines differ by dash and by their label, so that colour never stands alone. */
export interface Series {
  key: string
  label: string
}

export type ChartRow = { at: number } & Record<string, number | null>

const looks = [
  { stroke: 'var(--series-1)' },
  { stroke: 'var(--series-2)', strokeDasharray: '5 3' },
  { stroke: 'var(--series-3)', strokeDasharray: '2 3' },
  { stroke: 'var(--series-1)', strokeDasharray: '8 3 2 3' },
  { stroke: 'var(--series-2)', strokeDasharray: '1 3' },
] as const

const lookOf = (at: number): { stroke: string; strokeDasharray?: string } => looks[at % looks.length] ?? looks[0]

const timeOf = (at: number): string => new Date(at).toTimeString().slice(0, 8)

/** Widths and heights of what stands around the plot, in pixels. */
const axis = { left: 56, right: 8, bottom: 20 }
/** A point is a second: what happened within one is shown at it. */
const pointMs = 1_000

/** Lines over the time axis, without animation; faults as bands through it, rebalances as ticks on it. `format` writes a value with its unit. */
export function LineChart({
  title,
  rows,
  series,
  format,
  marks,
  height,
  seconds = 300,
}: {
  title: string
  rows: ChartRow[]
  series: Series[]
  format: (value: number) => string
  marks: TimeMarks
  /** Of the plot in pixels. Absent: what the surroundings leave. */
  height?: number
  /** Length of the time axis. */
  seconds?: number
}) {
  const to = rows.at(-1)?.at ?? 0
  const from = to - seconds * 1_000
  const bands = marks.bands.filter((band) => band.from <= to && (band.to ?? to) >= from)
  const latest = rows.at(-1)
  return (
    <figure
      className="flex min-w-0 flex-col [&_.recharts-wrapper]:type-11 [&_svg]:focus:outline-none"
      aria-label={title}
    >
      <figcaption className="mb-1 flex flex-wrap gap-x-3 gap-y-0.5 type-11 text-fg-3">
        <b className="type-12 leading-4 font-semibold text-fg">{title}</b>
        {series.map(({ key, label }, at) => {
          const value = latest?.[key]
          return (
            <span key={key} className="inline-flex items-center gap-1.25 whitespace-nowrap">
              <svg width="16" height="8" aria-hidden="true">
                <path d="M0 4H16" fill="none" strokeWidth="1.5" {...lookOf(at)} />
              </svg>
              {label} <span className="text-fg-2">{typeof value === 'number' ? format(value) : '–'}</span>
            </span>
          )
        })}
      </figcaption>
      <BandLanes marks={marks} from={from} to={to} left={axis.left} right={axis.right} />
      <div className="relative min-h-0 flex-1" style={height === undefined ? undefined : { height, flex: 'none' }}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 120 }}>
          <Plot data={rows} margin={{ top: 4, right: axis.right, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              type="number"
              domain={[from, to]}
              allowDataOverflow
              tickFormatter={timeOf}
              tickCount={4}
              minTickGap={48}
              tick={{ fontSize: 11, fill: 'var(--text-3)' }}
              stroke="var(--border)"
              tickLine={false}
              height={axis.bottom}
            />
            <YAxis
              width={axis.left}
              domain={[0, 'auto']}
              tickFormatter={format}
              tickCount={4}
              tick={{ fontSize: 11, fill: 'var(--text-3)' }}
              axisLine={false}
              tickLine={false}
            />
            <Tooltip
              isAnimationActive={false}
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
            {series.map(({ key, label }, at) => (
              <Line
                key={key}
                dataKey={key}
                name={label}
                dot={false}
                activeDot={{ r: 3 }}
                strokeWidth={1.5}
                isAnimationActive={false}
                connectNulls={false}
                type="linear"
                {...lookOf(at)}
              />
            ))}
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
