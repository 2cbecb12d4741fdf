'use client'

import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { count } from '../words/figures.ts'
import { segmentsOf, totalOf } from './ledger-figures.ts'
import { SegmentedBar } from './segmented-bar.tsx'
import { Verdict } from './verdict.tsx'
import './ledger.css'

export const ledgerPanelId = 'ledger-panel'
const none: never[] = []

/** What became of every message: a bar to scale, five figures that open their messages, the sum, and the verdict. */
export function LedgerBar() {
  const groups = useLive((live) => live.ledger?.groups ?? none)
  const known = useLive((live) => live.ledger !== undefined)
  const open = useParam('ledger') === 'open'
  const total = useMemo(() => totalOf(groups), [groups])
  const segments = useMemo(() => segmentsOf(total), [total])
  const names = useMemo(() => new Set(groups.map(({ group }) => group)).size, [groups])
  return (
    <section className="ledger" aria-label="Ledger">
      <button
        type="button"
        className="ledger__scope"
        aria-expanded={open}
        aria-controls={open ? ledgerPanelId : undefined}
        onClick={() => toggle(!open)}
      >
        <b>Ledger</b> {known ? (names === 1 ? '1 group' : `${names} groups`) : ''}
        <Icon name={open ? 'up' : 'down'} size={12} />
      </button>
      <SegmentedBar segments={segments} owed={total.owed} />
      <div className="figures">
        {segments.map(({ tone, glyph, word, count: value, filters }) => (
          <MessagesLink
            key={word}
            filters={filters}
            className={`figure s-${tone} ${value === 0 ? 'is-zero' : ''}`}
            title={`Show messages that are ${word} in a group`}
          >
            <Glyph name={glyph} />
            <b>{count(value)}</b> {word}
          </MessagesLink>
        ))}
      </div>
      <span className="balance" title="Delivered + in flight + retrying + dead-lettered + lost, over all groups">
        =<b>{count(total.owed)}</b> owed
      </span>
      <Verdict open={open} onToggle={() => toggle(!open)} />
    </section>
  )
}

function toggle(open: boolean): void {
  setParams({ ledger: open ? 'open' : undefined })
  // Whoever opened it goes on reading in it.
  if (open) requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(ledgerPanelId)?.focus()))
}
