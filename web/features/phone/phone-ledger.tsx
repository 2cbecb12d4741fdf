'use client'

import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { Status } from '#web/ui/status.tsx'
import { barSegmentsOf, totalOf } from '../ledger/ledger-figures.ts'
import { auditedWords, shortReason, verdictClassOf, verdictView } from '../ledger/ledger-words.ts'
import { SegmentedBar } from '../ledger/segmented-bar.tsx'
import { count } from '../words/figures.ts'

const none: never[] = []

/** The verdict, and what became of every message. */
export function PhoneLedger() {
  const groups = useLive((live) => live.ledger?.groups ?? none)
  const verdict = useLive((live) => live.ledger?.verdict)
  const at = useLive((live) => live.ledger?.watermark.at?.slice(0, 19) ?? null)
  const total = useMemo(() => totalOf(groups), [groups])
  const segments = barSegmentsOf(total)
  if (!verdict) return null
  const { word, icon } = verdictView[verdict.result]
  return (
    <section className="border-b border-line bg-surface p-4">
      <h2 className="mb-2 type-13 font-semibold">Ledger</h2>
      <span
        className={cn(
          'inline-flex h-7 max-w-full items-center gap-1.5 overflow-hidden rounded-full border border-border bg-raised pr-2.5 pl-2 type-13 whitespace-nowrap text-fg-2',
          verdictClassOf(verdict),
        )}
      >
        <Icon name={icon} />
        <b className="font-semibold text-fg">{word}</b>
        <span className="flex min-w-0">
          <span className="truncate">{shortReason(verdict, at === null ? null : `${at}Z`)}</span>
          <span className="flex-none whitespace-pre">, {auditedWords(verdict, false)}</span>
        </span>
      </span>
      <div className="mx-0 mt-3 mb-1 flex">
        <SegmentedBar segments={segments} owed={total.owed} />
      </div>
      <dl className="-mx-2 mt-2 -mb-2 grid grid-cols-[1fr_1fr_1fr]">
        {segments.map(({ tone, glyph, word: state, count: value }) => (
          <div
            key={state}
            className={cn(
              'grid min-h-12 rounded-sm px-2 py-1.5 text-fg-3 glyph:text-tone',
              toneClass[value === 0 ? 'idle' : tone],
            )}
          >
            <dt className="flex min-w-0 items-center gap-1.25">
              <Status tone={value === 0 ? 'idle' : tone} glyph={glyph} />
              {state}
            </dt>
            <dd>
              <b className={cn('type-16 font-semibold', value === 0 ? 'text-fg-2' : 'text-fg')}>{count(value)}</b>
            </dd>
          </div>
        ))}
        <div className="grid min-h-12 rounded-sm px-2 py-1.5 text-fg-3 glyph:text-tone">
          <dt>owed</dt>
          <dd>
            <b className="type-16 font-semibold text-fg-2">{count(total.owed)}</b>
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** One group: its bar, and how much of what it is owed was delivered. */
export function PhoneGroupLedger({ group }: { group: string }) {
  const groups = useLive((live) => live.ledger?.groups ?? none)
  const total = useMemo(() => totalOf(groups.filter((row) => row.group === group)), [groups, group])
  return (
    <>
      <SegmentedBar segments={barSegmentsOf(total)} owed={total.owed} className="flex-none" />
      <div className="flex min-w-0 items-center gap-2 text-fg-3">
        <span>
          {count(total.delivered)} of {count(total.owed)} delivered
        </span>
        <span className="flex-1" />
        <span>{count(total.waiting + total.handling)} in flight</span>
      </div>
    </>
  )
}
