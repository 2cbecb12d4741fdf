'use client'

import { cn } from '#web/ui/recipes/cn.ts'
import { ChartPlot, type ChartPlotProps } from '../../charts/chart-plot.tsx'
import { rowAt } from '../../charts/chart-window.ts'
import { lineOf } from '../../charts/series-look.ts'
import { axisGrid, axisLegend } from './run-timeline.tsx'

/** One chart of a stack over one time axis: its name at the left, its lines with their values at the right. Only the last one shows times. */
export function AxisChart({
  title,
  aside,
  isLast = false,
  height = 88,
  ...plot
}: Omit<ChartPlotProps, 'elapsed' | 'timed'> & { title: string; aside: string; isLast?: boolean }) {
  const { rows, series, cursor, format } = plot
  const row = cursor === undefined ? undefined : rowAt(rows, cursor)
  return (
    <figure className={cn(axisGrid, '[&_.recharts-wrapper]:type-11 [&_svg]:focus:outline-none')} aria-label={title}>
      <div className="type-11 text-fg-3">
        <div className="text-fg-2">{title}</div>
        {aside}
      </div>
      <ChartPlot {...plot} height={isLast ? height + 16 : height} elapsed timed={isLast} />
      <figcaption className={cn('type-11 text-fg-3', axisLegend)}>
        {series.map((one) => {
          // Without a cursor, the newest that there is: of two runs, one may have ended before the other.
          const value = row ? row[one.key] : rows.findLast((each) => typeof each[one.key] === 'number')?.[one.key]
          return (
            <span key={one.key} className="flex min-w-0 items-center gap-1.25 whitespace-nowrap">
              <svg width="16" height="8" aria-hidden="true" className="flex-none">
                <path d="M0 4H16" fill="none" {...lineOf(one)} />
              </svg>
              <span className="truncate">{one.label}</span>
              <b className="font-medium text-fg">{typeof value === 'number' ? format(value) : '–'}</b>
            </span>
          )
        })}
      </figcaption>
    </figure>
  )
}
