'use client'

import { Fragment, type ReactNode } from 'react'
import { cn } from '../recipes/cn.ts'
import { stickyHead, tableClass } from '../recipes/table.ts'
import { SpacerRow } from './spacer-row.tsx'
import { type DataRowsOptions, type DrawnRow, useDataRows } from './use-data-rows.ts'

/** A column; `width` in pixels, without it what the others leave. */
export interface Column {
  key: string
  head: ReactNode
  width?: number
  /** Of figures: aligned at the end. */
  numeric?: boolean
}

interface DataTableProps<Row> extends DataRowsOptions<Row> {
  columns: readonly Column[]
  /** The `tr` of a row. */
  line: (row: Row) => ReactNode
  /** Class of the table, for how wide it is at least. */
  className?: string
  /** How wide it is at least in pixels, where that depends on its columns. */
  leastWidth?: number
  /** In place of a table without rows: why there are none, or that they are on their way. */
  empty: ReactNode
  /** A `tr` above the first row, while that is in sight. */
  lead?: ReactNode
  /** Beside the table within the box: what it shows depends on the rows on screen, or goes to the newest. */
  beside?: (list: { drawn: DrawnRow<Row>[]; toEdge: () => void }) => ReactNode
}

/** A table of rows of one height, of which only those in sight are drawn. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return props.rows.length === 0 ? props.empty : <Rows {...props} />
}

function Rows<Row>({ columns, line, className, leastWidth, lead, beside, ...options }: DataTableProps<Row>) {
  const { scroller, onScroll, drawn, above, beneath, toEdge } = useDataRows(options)
  return (
    <div className="min-h-0 flex-1 overflow-auto [overflow-anchor:none]" ref={scroller} onScroll={onScroll}>
      <table
        className={cn(tableClass, stickyHead, className)}
        style={leastWidth === undefined ? undefined : { minWidth: leastWidth }}
        aria-rowcount={options.rows.length}
      >
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ key, head, numeric }) => (
              <th key={key} className={numeric ? 'text-right' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {drawn[0]?.index === 0 ? lead : null}
          <SpacerRow height={above} />
          {drawn.map(({ key, row }) => (
            <Fragment key={key}>{line(row)}</Fragment>
          ))}
          <SpacerRow height={beneath} />
        </tbody>
      </table>
      {beside?.({ drawn, toEdge })}
    </div>
  )
}
