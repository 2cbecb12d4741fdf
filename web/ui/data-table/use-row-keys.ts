'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { isTyping } from '../browser/is-typing.ts'
import { neighbourOf } from './neighbour.ts'
import { revealRow } from './reveal-row.ts'

/** How J and K go through a list. */
export interface RowKeys<Row> {
  /** Key of the row whose details are open: then a step opens the next one, else it moves the focus. */
  selected: string | undefined
  /** Opens a row in place of the selected one. */
  open: (key: string) => void
  /** Attribute of a drawn row that holds its key, such as `data-row`. */
  attribute: string
  /** Where the newest row is, which the first step goes to; without it J begins at the first row and K at the last. */
  newest?: 'first' | 'last'
  /** Rows that a step may end on; all without it. */
  visits?: (row: Row) => boolean
}

/** J and K go to the next and the previous row, drawn or not. Not while typing, and not with a modifier. */
export function useRowKeys<Row>(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  keys: RowKeys<Row> | undefined,
): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    const letter = event.key.toLowerCase()
    if (!keys || (letter !== 'j' && letter !== 'k')) return
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
    const { selected, open, attribute, newest, visits = () => true } = keys
    const focused = document.activeElement?.closest(`[${attribute}]`)?.getAttribute(attribute) ?? undefined
    const from = selected ?? focused
    const steps = rows.filter(visits)
    const next =
      from === undefined && newest !== undefined
        ? steps.at(newest === 'last' ? -1 : 0)
        : neighbourOf(steps, keyOf, from, letter === 'j' ? 1 : -1)
    if (!next) return
    event.preventDefault()
    if (selected !== undefined) open(keyOf(next))
    revealRow(scroller.current, rows.indexOf(next), `[${attribute}="${CSS.escape(keyOf(next))}"] :is(a, button)`)
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
