'use client'

import { type RefObject, useEffect } from 'react'
import { setParams } from '#web/live/url-state.ts'
import { isTyping } from '#web/ui/is-typing.ts'
import { revealRow } from '#web/ui/reveal-row.ts'
import type { DeadLetterRow } from './dead-letter-rows.ts'
import { letterPatch } from './letter/letter-link.ts'

/** J and K go through the lines; with a letter open they open the next one. Not while typing. */
export function useLineKeys(
  scroller: RefObject<HTMLDivElement | null>,
  rows: DeadLetterRow[],
  open: string | undefined,
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const by = { j: 1, k: -1 }[event.key.toLowerCase()]
      if (by === undefined || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      const focused = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row
      const lines = rows.filter(({ kind }) => kind === 'letter' || (kind === 'cause' && open === undefined))
      const at = lines.findIndex(({ key }) => key === (open ?? focused))
      const next = at === -1 ? lines.at(by === 1 ? 0 : -1) : lines[at + by]
      if (!next) return
      event.preventDefault()
      if (open !== undefined) setParams(letterPatch(next.key), { replace: true })
      revealRow(scroller.current, rows.indexOf(next), `[data-row="${CSS.escape(next.key)}"] :is(a, button)`)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [scroller, rows, open])
}
