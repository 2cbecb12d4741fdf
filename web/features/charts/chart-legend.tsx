'use client'
import { type ChartRow, lineOf, type Series } from './series-look.ts'

/** Title of a chart, and its series with their values in one row. */
export function ChartLegend({
  title,
  aside,
  series,
  row,
  format,
}: {
  title: string
  aside: string | undefined
  series: Series[]
  row: ChartRow | undefined
  format: (value: number) => string
}) {
  return (
    <figcaption className="mb-1 flex flex-wrap gap-x-3 gap-y-0.5 type-11 text-fg-3">
      <b className="type-12 leading-4 font-semibold text-fg">{title}</b>
      {aside === undefined ? null : <span>{aside}</span>}
      <span className="flex-1" />
      {series.map((one) => {
        const value = row?.[one.key]
        return (
          <span key={one.key} className="inline-flex items-center gap-1.25 whitespace-nowrap">
            <svg width="16" height="8" aria-hidden="true">
              <path d="M0 4H16" fill="none" {...lineOf(one)} />
            </svg>
            {one.label} <b className="font-medium text-fg">{typeof value === 'number' ? format(value) : '–'}</b>
          </span>
        )
      })}
    </figcaption>
  )
}
