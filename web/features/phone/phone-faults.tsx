'use client'

import { useMemo } from 'react'
import type { Fault } from '#contracts/faults/fault.ts'
import { useLive } from '#web/live/live-store.ts'
import { FaultProgress, FaultTitle, faultCardClass } from '../faults/fault-card-parts.tsx'
import { faultTime, isOver, targetText } from '../faults/fault-words.ts'

const shownFaults = 20

/** Faults in effect or scheduled, newest first: what, where, and how far each is. Nothing if there are none. */
export function PhoneFaults() {
  const faults = useLive((live) => live.faults)
  const standing = useMemo(() => faults.filter((fault) => !isOver(fault)), [faults])
  if (standing.length === 0) return null
  return (
    <section className="border-b border-line bg-surface p-4" aria-label="Faults">
      <ul className="grid gap-2">
        {standing.slice(0, shownFaults).map((fault) => (
          <PhoneFault key={fault.id} fault={fault} />
        ))}
      </ul>
      {standing.length > shownFaults ? <p className="text-fg-3">and {standing.length - shownFaults} more</p> : null}
    </section>
  )
}

function PhoneFault({ fault }: { fault: Fault }) {
  const now = useLive((live) => live.at)
  const { text, share } = faultTime(fault, now)
  return (
    <li className={faultCardClass(fault.state)}>
      <FaultTitle fault={fault}>
        <span className="text-right font-normal whitespace-nowrap text-fg-2">{text}</span>
      </FaultTitle>
      <p className="wrap-anywhere text-fg-2">{targetText(fault.target)}</p>
      <FaultProgress share={share} />
    </li>
  )
}
