'use client'

import { type RefObject, useEffect } from 'react'
import { setParams } from '#web/live/url-state.ts'
import { isTyping } from '#web/ui/is-typing.ts'
import { useMessages } from './messages-store.ts'
import { neighbourOf } from './row-buffer.ts'

/** J and K go through the list: with a message open they open the next one, else they move the focus. Not while typing. */
export function useRowKeys(scroller: RefObject<HTMLDivElement | null>, open: string | undefined): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const by = { j: 1, k: -1 }[event.key.toLowerCase()] as 1 | -1 | undefined
      if (by === undefined || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      const focused = document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset.message
      const { rows } = useMessages.getState()
      const next = neighbourOf(rows, open ?? focused, by)
      if (next === undefined) return
      event.preventDefault()
      if (open !== undefined) setParams({ message: next, attempt: undefined }, { replace: true })
      show(
        scroller.current,
        next,
        rows.findIndex((row) => row.id === next),
      )
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [scroller, open])
}

const rowHeight = 28

/** Brings a row on screen and gives it the focus; a row that was not drawn is drawn first. */
function show(list: HTMLDivElement | null, id: string, index: number): void {
  if (!list) return
  const top = index * rowHeight
  // The head of the table stays on top of the first row.
  if (top < list.scrollTop || top + 2 * rowHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = Math.max(0, top - list.clientHeight / 2)
  }
  requestAnimationFrame(() => {
    list.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"] a`)?.focus({ preventScroll: true })
  })
}
