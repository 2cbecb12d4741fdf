'use client'

import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { FigureGuideMark } from '../guide/guide-mark.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { count } from '../words/figures.ts'
import { barSegmentsOf, totalOf } from './ledger-figures.ts'
import { SegmentedBar } from './segmented-bar.tsx'
import { Verdict } from './verdict.tsx'

export const ledgerPanelId = 'ledger-panel'
/** What opens and closes the panel; it has the focus again when the panel closes. */
export const ledgerToggleId = 'ledger-toggle'
const none: never[] = []

/** What became of every message: a bar to scale, five figures that open their messages, the sum, and the verdict. */
export function LedgerBar() {
  const groups = useLive((live) => live.ledger?.groups ?? none)
  const known = useLive((live) => live.ledger !== undefined)
  const open = useParam('ledger') === 'open'
  const unowed = useLive((live) => Object.values(live.ledger?.unowedDeadLetters ?? {}).reduce((a, b) => a + b, 0))
  const beside = unowed === 0 ? '' : `; ${count(unowed)} more dead letters were published by nobody in the lab`
  const replayed = useLive((live) => live.replay?.words)
  const total = useMemo(() => totalOf(groups), [groups])
  const segments = useMemo(() => barSegmentsOf(total), [total])
  const names = useMemo(() => new Set(groups.map(({ group }) => group)).size, [groups])
  return (
    <section
      className="flex h-ledger min-w-0 items-center border-b border-line bg-surface px-4 [grid-area:ledger]"
      aria-label="Ledger"
    >
      <button
        type="button"
        className="my-0 mr-3 -ml-1.5 max-[959px]:hidden inline-flex h-6 items-center gap-1 rounded-sm border-0 bg-transparent px-1.5 py-0 whitespace-nowrap text-fg-2 hover:bg-hover"
        id={ledgerToggleId}
        aria-expanded={open}
        aria-controls={open ? ledgerPanelId : undefined}
        onClick={() => toggle(!open)}
      >
        <b className="text-fg">Ledger</b>{' '}
        {replayed === undefined ? (
          known ? (
            names === 1 ? (
              '1 group'
            ) : (
              `${names} groups`
            )
          ) : (
            ''
          )
        ) : (
          <b className="font-medium text-fg tabular-nums">{replayed}</b>
        )}
        <Icon name={open ? 'up' : 'down'} size={12} />
      </button>
      <SegmentedBar
        segments={segments}
        owed={total.owed}
        className="max-[659px]:hidden min-[960px]:max-[1099px]:hidden"
      />
      <div className="ml-3 flex max-[659px]:ml-0 min-[960px]:max-[1099px]:ml-0">
        {segments.map(({ tone, glyph, word, count: value, filters }) => (
          <MessagesLink
            key={word}
            filters={filters}
            className={cn(
              'inline-flex h-6 items-center gap-1.25 rounded-sm px-2 py-0 whitespace-nowrap text-fg-3 hover:bg-hover hover:no-underline max-[959px]:px-1.5 glyph:text-tone',
              toneClass[tone],
              value === 0 && 'glyph:text-fg-3',
            )}
            title={`Show messages that are ${word} in a group${word === 'dead-lettered' ? beside : ''}`}
          >
            <FigureGuideMark figure={word} />
            <Glyph name={glyph} />
            <b className={cn('text-[13px]', value === 0 ? 'font-medium text-fg-3' : 'text-fg')}>{count(value)}</b>{' '}
            <span className={cn(tone !== 'delivered' && 'max-[959px]:sr-only')}>{word}</span>
          </MessagesLink>
        ))}
      </div>
      <span
        className="ml-1 inline-flex items-center gap-1.25 border-l border-line pl-3 whitespace-nowrap text-fg-3 max-[1439px]:hidden"
        title="Delivered + in flight + retrying + dead-lettered + lost, over all groups"
      >
        =<b className="font-medium text-fg-2">{count(total.owed)}</b> owed
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
