'use client'

import type { ReactNode } from 'react'
import { deadLetterListLimit } from '#contracts/api/dead-letter.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { type Column, DataTable } from '#web/ui/data-table/data-table.tsx'
import { count } from '../words/figures.ts'
import { CauseLine, LetterLine } from './cause-line.tsx'
import type { DeadLetterRow } from './dead-letter-rows.ts'
import { fetchLetters } from './dead-letters-query.ts'
import { letterPatch } from './letter-link.ts'

const columns: Column[] = [
  { key: 'tick', head: <span className="sr-only">Choose</span>, width: 38 },
  { key: 'cause', head: 'Cause' },
  { key: 'group', head: 'Group', width: 124 },
  { key: 'reason', head: 'Reason', width: 112 },
  { key: 'type', head: 'Event type', width: 124 },
  { key: 'count', head: 'Count', width: 60, numeric: true },
  { key: 'span', head: 'First and last', width: 148, numeric: true },
]
const keyOf = (row: DeadLetterRow): string => row.key
const show = (letter: string): void => setParams(letterPatch(letter), { replace: true })

/** Causes and, below the open ones, their letters; only those in sight are drawn. With a letter open, J and K go to letters alone. */
export function DeadLetterTable({ rows, empty }: { rows: DeadLetterRow[]; empty: ReactNode }) {
  const open = useParam('letter')
  return (
    <DataTable
      rows={rows}
      keyOf={keyOf}
      columns={columns}
      className="min-w-215 row-last:border-b"
      empty={empty}
      keys={{
        selected: open,
        open: show,
        attribute: 'data-row',
        visits: ({ kind }) => kind === 'letter' || (kind === 'cause' && open === undefined),
      }}
      line={(row) => <Line row={row} open={open} />}
    />
  )
}

function Line({ row, open }: { row: DeadLetterRow; open: string | undefined }) {
  if (row.kind === 'cause') return <CauseLine cause={row.cause} open={row.open} />
  if (row.kind === 'letter') return <LetterLine letter={row.letter} open={row.letter.id === open} />
  return (
    <tr className="cursor-pointer *:bg-sunken">
      <td />
      <td colSpan={6}>
        {row.kind === 'wait' ? (
          <span className="text-fg-3">Reading {count(row.left)} from the broker…</span>
        ) : (
          <Button small variant="ghost" onClick={() => void fetchLetters(row.cause.key, deadLetterListLimit)}>
            Show {count(row.left)} more
          </Button>
        )}
      </td>
    </tr>
  )
}
