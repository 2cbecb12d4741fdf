'use client'

import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { faultStateView, isOver, leftText, targetText } from '../faults/fault-words.ts'

const shownFaults = 20

/** Faults that stand or are scheduled, newest first: what, where, and what is left of each. Nothing where there are none. */
export function PhoneFaults() {
  const faults = useLive((live) => live.faults)
  const now = useLive((live) => live.at)
  const standing = useMemo(() => faults.filter((fault) => !isOver(fault)), [faults])
  if (standing.length === 0) return null
  return (
    <section className="ph-sec">
      <h2>{standing.length === 1 ? '1 fault' : `${standing.length} faults`}</h2>
      <ul className="pns">
        {standing.slice(0, shownFaults).map((fault) => {
          const { icon, word } = faultStateView[fault.state]
          return (
            <li key={fault.id} className={`pn phone__fault phone__fault--${fault.state}`}>
              <Icon name={icon} size={16} />
              <div>
                <p>{fault.type}</p>
                <p className="t3">{`${targetText(fault.target)}, ${word}`}</p>
              </div>
              <span className="t2 num">{leftText(fault, now)}</span>
            </li>
          )
        })}
      </ul>
      {standing.length > shownFaults ? <p className="t3">and {standing.length - shownFaults} more</p> : null}
    </section>
  )
}
