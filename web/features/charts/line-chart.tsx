'use client'
import { BandLanes } from './band-lanes.tsx'
import { ChartLegend } from './chart-legend.tsx'
import { axis, ChartPlot, type ChartPlotProps } from './chart-plot.tsx'
import { rowAt, type TimeSpan } from './chart-window.ts'

const steady = 300_000

interface LineChartProps extends Omit<ChartPlotProps, 'span'> {
  title: string
  /** What is counted, beside the title. */
  aside?: string
  /** Length of the time axis that ends with the newest row; `span` goes before it. */
  seconds?: number
  span?: TimeSpan
}

/** A plot below its title and legend, with the faults as bars. The legend has the values at the cursor, else the newest ones. */
export function LineChart({ title, aside, seconds, span, ...plot }: LineChartProps) {
  const { rows, series, format, marks, cursor } = plot
  const newest = rows.at(-1)?.at ?? 0
  const { from, to } = span ?? { from: newest - (seconds === undefined ? steady : seconds * 1_000), to: newest }
  return (
    <figure
      className="flex min-w-0 flex-col [&_.recharts-wrapper]:type-11 [&_svg]:focus:outline-none"
      aria-label={title}
    >
      <ChartLegend
        title={title}
        aside={aside}
        series={series}
        row={cursor === undefined ? rows.at(-1) : rowAt(rows, cursor)}
        format={format}
      />
      <BandLanes marks={marks} from={from} to={to} left={axis.left} right={axis.right} />
      <ChartPlot {...plot} span={{ from, to }} />
    </figure>
  )
}
