'use client'
import { useEffect } from 'react'
import { isTyping } from '#web/ui/browser/is-typing.ts'

/** ← and → step, space plays and stops, wherever the focus has no use for them itself. */
export function useReplayKeys(step: (direction: 'forward' | 'back') => void, toggle: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      const element = event.target instanceof Element ? event.target : undefined
      if (document.querySelector('dialog[open], [role="dialog"][data-state="open"], [role="menu"]')) return
      const isArrow = event.key === 'ArrowLeft' || event.key === 'ArrowRight'
      if (isArrow && element?.closest('[role="slider"], [role="tablist"], [role="radiogroup"], [role="separator"]'))
        return
      if (event.key === ' ' && element?.closest('button, a, input, select, [role="tab"]')) return
      if (isArrow) step(event.key === 'ArrowRight' ? 'forward' : 'back')
      else if (event.key === ' ') toggle()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [step, toggle])
}
