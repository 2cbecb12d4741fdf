'use client'
import { CartesianGrid, Line, LineChart as Plot, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

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

/** Lines over the time axis, without animation. `format` writes a value with its unit. */
export function LineChart({
  title,
  rows,
  series,
  format,
  height,
  seconds = 300,
}: {
  title: string
  rows: ChartRow[]
  series: Series[]
  format: (value: number) => string
  /** Of the plot in pixels. Absent: what the surroundings leave. */
  height?: number
  /** Length of the time axis. */
  seconds?: number
}) {
  const to = rows.at(-1)?.at ?? 0
  const latest = rows.at(-1)
  return (
    <figure className="line-chart" aria-label={title}>
      <figcaption>
        <b>{title}</b>
        {series.map(({ key, label }, at) => {
          const value = latest?.[key]
          return (
            <span key={key} className="line-chart__key">
              <svg width="16" height="8" aria-hidden="true">
                <path d="M0 4H16" fill="none" strokeWidth="1.5" {...lookOf(at)} />
              </svg>
              {label} <span className="t2">{typeof value === 'number' ? format(value) : '–'}</span>
            </span>
          )
        })}
      </figcaption>
      <div className="line-chart__plot" style={height === undefined ? undefined : { height, flex: 'none' }}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 120 }}>
          <Plot data={rows} margin={{ top: 4, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              type="number"
              domain={[to - seconds * 1_000, to]}
              allowDataOverflow
              tickFormatter={timeOf}
              tickCount={4}
              minTickGap={48}
              tick={{ fontSize: 11, fill: 'var(--text-3)' }}
              stroke="var(--border)"
              tickLine={false}
              height={20}
            />
            <YAxis
              width={56}
              domain={[0, 'auto']}
              tickFormatter={format}
              tickCount={4}
              tick={{ fontSize: 11, fill: 'var(--text-3)' }}
              axisLine={false}
              tickLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              labelFormatter={(at) => timeOf(Number(at))}
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
      </div>
    </figure>
  )
}
