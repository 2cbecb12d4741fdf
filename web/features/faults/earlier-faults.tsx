'use client'
import { useEffect, useId, useMemo, useState } from 'react'
import type { Fault } from '#contracts/faults/fault.ts'
import { useParam } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { sectionClass, sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { durationWords } from '../words/figures.ts'
import { begunAt, faultStateView, isOver, targetText } from './fault-words.ts'
import { useKnownFaults } from './known-faults.ts'

const shownAtOnce = 20
const minute = (at: string): string => new Date(at).toTimeString().slice(0, 5)

/** Faults of this place that are over, newest first, behind a line that names the last ones. */
export function EarlierFaults({ isHere }: { isHere: (fault: Fault) => boolean }) {
  const linked = useParam('fault')
  const [open, setOpen] = useState(false)
  const id = useId()
  const all = useKnownFaults()
  const here = useMemo(() => all.filter((one) => isOver(one) && isHere(one)), [all, isHere])
  const isLinked = here.some((one) => one.id === linked)
  useEffect(() => {
    if (isLinked) setOpen(true)
  }, [isLinked])
  if (here.length === 0) return null
  const summary = here
    .slice(0, 2)
    .map(({ type, injectedAt, createdAt }) => `${type} ${minute(injectedAt ?? createdAt)}`)
    .join(', ')
  return (
    <section className={cn(sectionClass, 'py-2')}>
      <button
        type="button"
        className={cn(sectionHead, 'w-full border-0 bg-transparent p-0 text-left')}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <b className="type-12 font-semibold">Earlier</b>
        <span className="min-w-0 truncate type-11 text-fg-3">{open ? `${here.length}` : summary}</span>
        <span className="flex-1" />
        <Icon name={open ? 'down' : 'right'} size={12} className="type-11 text-fg-3" />
      </button>
      <ul id={id} className="grid" hidden={!open}>
        {here.slice(0, shownAtOnce).map((one) => (
          <Past key={one.id} fault={one} linked={one.id === linked} />
        ))}
      </ul>
    </section>
  )
}

function Past({ fault, linked }: { fault: Fault; linked: boolean }) {
  const from = begunAt(fault)
  const lasted =
    from === undefined || fault.healedAt === undefined
      ? faultStateView[fault.state].word
      : durationWords(Math.max(0, Date.parse(fault.healedAt) - from))
  return (
    <li
      className={cn(
        'grid h-auto min-h-6 grid-cols-[56px_1fr_auto] items-center gap-2 text-fg-2 [&>:first-child]:text-fg-3 [&>:last-child]:text-fg-3',
        linked && 'shadow-[0_0_0_1px_var(--accent)]',
      )}
    >
      <span>{minute(fault.injectedAt ?? fault.createdAt)}</span>
      <span className="min-w-0 truncate" title={targetText(fault.target)}>
        <code>{fault.type}</code> <span className="text-fg-3">{targetText(fault.target)}</span>
      </span>
      <span>{fault.state === 'failed' ? 'failed' : lasted}</span>
      {fault.reason === undefined ? null : <p className="col-[2/-1] pb-1 type-11 text-fg-3">{fault.reason}</p>}
    </li>
  )
}
