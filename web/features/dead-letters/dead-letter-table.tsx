'use client'

import { type ReactNode, useRef } from 'react'
import { type DeadLetterCause, deadLetterListLimit } from '#contracts/api/dead-letter.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { useWidth } from '#web/ui/browser/use-width.ts'
import { Button } from '#web/ui/button.tsx'
import { type Column, DataTable } from '#web/ui/data-table/data-table.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { count } from '../words/figures.ts'
import { CauseLine, LetterLine } from './cause-line.tsx'
import type { DeadLetterRow } from './dead-letter-rows.ts'
import { fetchLetters } from './dead-letters-query.ts'
import { letterPatch } from './letter-link.ts'

const wideColumns: Column[] = [
  { key: 'tick', head: <span className="sr-only">Choose</span>, width: 38 },
  { key: 'cause', head: 'Cause' },
  { key: 'group', head: 'Group', width: 124 },
  { key: 'reason', head: 'Reason', width: 112 },
  { key: 'type', head: 'Event type', width: 124 },
  { key: 'count', head: 'Count', width: 60, numeric: true },
  { key: 'span', head: 'First and last', width: 148, numeric: true },
]
/** In a narrower list reason and type are in the tooltip of the cause, and only the last of a cause is shown. */
const wideFrom = 860
const tightColumns: Column[] = [
  ...wideColumns.filter(({ key }) => key !== 'reason' && key !== 'type' && key !== 'span'),
  { key: 'last', head: 'Last', width: 84, numeric: true },
]
const keyOf = (row: DeadLetterRow): string => row.key
/** Letters of a cause after the next page. */
const nextOf = ({ cause, left }: { cause: DeadLetterCause; left: number }): number =>
  cause.count - left + Math.min(left, deadLetterListLimit)
const show = (letter: string): void => setParams(letterPatch(letter), { replace: true })

/** Causes and, below the open ones, their letters; only those in sight are drawn. With a letter open, J and K go to letters alone. */
export function DeadLetterTable({ rows, empty }: { rows: DeadLetterRow[]; empty: ReactNode }) {
  const open = useParam('letter')
  const box = useRef<HTMLDivElement>(null)
  const isTight = useWidth(box) < wideFrom
  return (
    <div ref={box} className="flex min-h-0 flex-1 flex-col">
      <DataTable
        rows={rows}
        keyOf={keyOf}
        columns={isTight ? tightColumns : wideColumns}
        className={cn('row-last:border-b', isTight ? 'min-w-140' : 'min-w-215')}
        empty={empty}
        keys={{
          selected: open,
          open: show,
          attribute: 'data-row',
          visits: ({ kind }) => kind === 'letter' || (kind === 'cause' && open === undefined),
        }}
        line={(row) => <Line row={row} open={open} tight={isTight} />}
      />
    </div>
  )
}

function Line({ row, open, tight }: { row: DeadLetterRow; open: string | undefined; tight: boolean }) {
  if (row.kind === 'cause') return <CauseLine cause={row.cause} open={row.open} tight={tight} />
  if (row.kind === 'letter') return <LetterLine letter={row.letter} open={row.letter.id === open} tight={tight} />
  return (
    <tr className="cursor-pointer *:bg-sunken">
      <td />
      <td colSpan={tight ? 4 : 6}>
        {row.kind === 'wait' ? (
          <span className="text-fg-3">Reading {count(row.left)} from the broker…</span>
        ) : (
          <Button small variant="ghost" onClick={() => void fetchLetters(row.cause.key, nextOf(row))}>
            Show {count(Math.min(row.left, deadLetterListLimit))} more
            {row.left > deadLetterListLimit ? ` of ${count(row.left)}` : ''}
          </Button>
        )}
      </td>
    </tr>
  )
}
