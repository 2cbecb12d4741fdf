'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { deadLetterListLimit } from '#contracts/api/dead-letter.ts'
import { useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { cn } from '#web/ui/cn.ts'
import { SpacerRow } from '#web/ui/spacer-row.tsx'
import { stickyHead, tableClass } from '#web/ui/table.ts'
import { count } from '../words/figures.ts'
import { CauseLine, LetterLine } from './cause-line.tsx'
import type { DeadLetterRow } from './dead-letter-rows.ts'
import { useDeadLetters } from './dead-letters-store.ts'
import { useLineKeys } from './use-line-keys.ts'

const rowHeight = 28

/** Causes and, below the open ones, their letters; only those in sight are drawn. */
export function DeadLetterTable({ rows }: { rows: DeadLetterRow[] }) {
  const open = useParam('letter')
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => rows[index]?.key ?? index,
  })
  const shown = virtual.getVirtualItems()
  useLineKeys(scroller, rows, open)
  return (
    <div className="min-h-0 flex-1 overflow-auto [overflow-anchor:none]" ref={scroller}>
      <table className={cn(tableClass, stickyHead, 'min-w-215 row-last:border-b')} aria-rowcount={rows.length}>
        <colgroup>
          <col style={{ width: 38 }} />
          <col />
          <col style={{ width: 124 }} />
          <col style={{ width: 112 }} />
          <col style={{ width: 124 }} />
          <col style={{ width: 60 }} />
          <col style={{ width: 148 }} />
        </colgroup>
        <thead>
          <tr>
            <th>
              <span className="sr-only">Choose</span>
            </th>
            <th>Cause</th>
            <th>Group</th>
            <th>Reason</th>
            <th>Event type</th>
            <th className="text-right">Count</th>
            <th className="text-right">First and last</th>
          </tr>
        </thead>
        <tbody>
          <SpacerRow height={shown[0]?.start ?? 0} />
          {shown.map(({ index, key }) => {
            const row = rows[index]
            return row ? <Line key={key} row={row} open={open} /> : null
          })}
          <SpacerRow height={virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </div>
  )
}

function Line({ row, open }: { row: DeadLetterRow; open: string | undefined }) {
  const fetch = useDeadLetters((dead) => dead.fetch)
  if (row.kind === 'cause') return <CauseLine cause={row.cause} open={row.open} />
  if (row.kind === 'letter') return <LetterLine letter={row.letter} open={row.letter.id === open} />
  return (
    <tr className="cursor-pointer *:bg-sunken">
      <td />
      <td colSpan={6}>
        {row.kind === 'wait' ? (
          <span className="text-fg-3">Reading {count(row.left)} from the broker…</span>
        ) : (
          <Button small variant="ghost" onClick={() => void fetch(row.cause.key, deadLetterListLimit)}>
            Show {count(row.left)} more
          </Button>
        )}
      </td>
    </tr>
  )
}
