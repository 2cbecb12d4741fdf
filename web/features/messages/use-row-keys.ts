'use client'

import { type RefObject, useEffect } from 'react'
import { setParams } from '#web/live/url-state.ts'
import { isTyping } from '#web/ui/is-typing.ts'
import { revealRow } from '#web/ui/reveal-row.ts'
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
      revealRow(
        scroller.current,
        rows.findIndex((row) => row.id === next),
        `[data-message="${CSS.escape(next)}"] a`,
      )
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [scroller, open])
}
