'use client'
import { useEffect, useId, useMemo, useState } from 'react'
import type { Fault } from '#contracts/faults/fault.ts'
import { useParam } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { duration } from '../words/figures.ts'
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
    <section className="sect earlier">
      <button
        type="button"
        className="sect__head earlier__fold"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <b>Earlier</b>
        <span className="t3 clip">{open ? `${here.length}` : summary}</span>
        <span className="spacer" />
        <Icon name={open ? 'down' : 'right'} size={12} className="t3" />
      </button>
      <ul id={id} className="past" hidden={!open}>
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
      : duration(Math.max(0, Date.parse(fault.healedAt) - from))
  return (
    <li className={linked ? 'is-linked' : ''}>
      <span>{minute(fault.injectedAt ?? fault.createdAt)}</span>
      <span className="clip" title={targetText(fault.target)}>
        <code>{fault.type}</code> <span className="t3">{targetText(fault.target)}</span>
      </span>
      <span>{fault.state === 'failed' ? 'failed' : lasted}</span>
      {fault.reason === undefined ? null : <p className="past__reason">{fault.reason}</p>}
    </li>
  )
}
