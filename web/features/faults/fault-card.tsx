'use client'
import { useState } from 'react'
import type { Problem } from '#contracts/errors.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { age, clock, count } from '../words/figures.ts'
import { FaultProgress, FaultTitle, faultCardClass } from './fault-card-parts.tsx'
import { askedFor, faultName, faultStateView, faultTime, targetText } from './fault-words.ts'
import { healFault } from './healing.ts'
import { lagSince } from './lag-since.ts'

const shownMessages = 3

/** A fault in effect: how far it is, what it did so far, and its end at a click. */
export function FaultCard({ fault }: { fault: Fault }) {
  const now = useLive((live) => live.at)
  const charts = useLive((live) => live.charts)
  const linked = useParam('fault') === fault.id
  const { text, share, leftMs } = faultTime(fault, now)
  return (
    <article
      className={cn(faultCardClass(fault.state), linked && 'shadow-[0_0_0_1px_var(--accent)]')}
      aria-label={`${faultName(fault)}, ${faultStateView[fault.state].word}`}
    >
      <FaultTitle fault={fault}>
        <HealButton fault={fault} />
      </FaultTitle>
      <div className="flex min-w-0 items-center gap-2 text-fg-2">
        {targetText(fault.target)}
        <span className="flex-1" />
        <span>{text}</span>
      </div>
      <FaultProgress share={share} />
      <ul className="grid gap-0.5 text-fg-2">
        {fault.state === 'scheduled' ? (
          <Line name="Begins" value={clock(fault.startAt)} />
        ) : (
          <Line name="Took effect" value={fault.observedAt === undefined ? 'not seen yet' : clock(fault.observedAt)} />
        )}
        {leftMs === undefined ? null : <Line name="Ends in" value={age(leftMs)} />}
        {fault.hits === 0 ? null : <Line name="Hits" value={count(fault.hits)} />}
        {lagSince(fault, charts).map(({ group, before, after }) => (
          <Line key={group} name={`Lag of ${group} since then`} value={`${count(before)} → ${count(after)}`} />
        ))}
        {fault.messages.length === 0 ? null : (
          <li className="flex justify-between gap-2">
            <span>First hit</span>
            <span className="grid justify-items-end type-mono-11">
              {fault.messages.slice(0, shownMessages).map((id) => (
                <RouteLink key={id} patch={{ message: id, attempt: undefined, tab: undefined }} title={id}>
                  {id.split(':').slice(-2).join(':')}
                </RouteLink>
              ))}
            </span>
          </li>
        )}
      </ul>
      {fault.reason === undefined ? null : <p className="wrap-anywhere text-fg-2">{fault.reason}</p>}
      <p className="wrap-anywhere text-fg-3">{askedFor(fault)}</p>
    </article>
  )
}

const Line = ({ name, value }: { name: string; value: string }) => (
  <li className="flex justify-between gap-2">
    <span>{name}</span>
    <span>{value}</span>
  </li>
)

function HealButton({ fault }: { fault: Fault }) {
  const [asked, setAsked] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const healing = asked || fault.state === 'healing'
  const heal = async (): Promise<void> => {
    setAsked(true)
    setProblem(await healFault(fault.id))
    setAsked(false)
  }
  return (
    <>
      {problem === undefined ? null : (
        <span className="type-11 text-lost-fg" role="alert">
          {problem.detail}
        </span>
      )}
      <Button small disabled={healing} onClick={() => void heal()}>
        <Icon name={fault.state === 'scheduled' ? 'x' : 'heal'} size={12} />
        {healing ? 'Healing…' : fault.state === 'scheduled' ? 'Cancel' : 'Heal now'}
      </Button>
    </>
  )
}
