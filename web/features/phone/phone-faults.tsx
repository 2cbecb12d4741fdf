'use client'

import { useMemo } from 'react'
import type { Fault } from '#contracts/faults/fault.ts'
import { useLive } from '#web/live/live-store.ts'
import { FaultProgress, FaultTitle } from '../faults/fault-card-parts.tsx'
import { faultTime, isOver, targetText } from '../faults/fault-words.ts'

const shownFaults = 20

/** Faults that stand or are scheduled, newest first: what, where, and how far each is. Nothing where there are none. */
export function PhoneFaults() {
  const faults = useLive((live) => live.faults)
  const standing = useMemo(() => faults.filter((fault) => !isOver(fault)), [faults])
  if (standing.length === 0) return null
  return (
    <section className="ph-sec" aria-label="Faults">
      <ul className="faults__cards">
        {standing.slice(0, shownFaults).map((fault) => (
          <PhoneFault key={fault.id} fault={fault} />
        ))}
      </ul>
      {standing.length > shownFaults ? <p className="t3">and {standing.length - shownFaults} more</p> : null}
    </section>
  )
}

function PhoneFault({ fault }: { fault: Fault }) {
  const now = useLive((live) => live.at)
  const { text, share } = faultTime(fault, now)
  return (
    <li className={`fault-card fault-card--${fault.state}`}>
      <FaultTitle fault={fault}>
        <span className="t2 num phone__time">{text}</span>
      </FaultTitle>
      <p className="t2">{targetText(fault.target)}</p>
      <FaultProgress share={share} />
    </li>
  )
}
