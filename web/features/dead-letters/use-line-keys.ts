'use client'

import { type RefObject, useEffect } from 'react'
import { setParams } from '#web/live/url-state.ts'
import { isTyping } from '#web/ui/is-typing.ts'
import type { DeadLetterRow } from './dead-letter-rows.ts'
import { letterPatch } from './letter-link.ts'

const rowHeight = 28

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
      show(scroller.current, next.key, rows.indexOf(next))
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [scroller, rows, open])
}

/** Brings a line on screen and gives it the focus; one that was not drawn is drawn first. */
function show(list: HTMLDivElement | null, key: string, index: number): void {
  if (!list) return
  const top = index * rowHeight
  // The head of the table stays on top of the first line.
  if (top < list.scrollTop || top + 2 * rowHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = Math.max(0, top - list.clientHeight / 2)
  }
  requestAnimationFrame(() => {
    list.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"] :is(a, button)`)?.focus({ preventScroll: true })
  })
}
