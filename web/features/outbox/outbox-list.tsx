'use client'

import type { ReactNode } from 'react'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import type { Outbox } from './outbox-store.ts'

interface OutboxEntryProps {
  item: string
  on: boolean
  title: ReactNode
  time: string
  sub: ReactNode
}

interface OutboxListProps {
  label: string
  outbox: Outbox
  children: ReactNode
}

/** The left half: what there is, newest first, page after page. */
export function OutboxList({ label, outbox: { more, loading, loadOlder }, children }: OutboxListProps) {
  return (
    <nav className="outbox__list" aria-label={label}>
      <ul>{children}</ul>
      {!more ? null : (
        <Button small variant="ghost" disabled={loading} onClick={loadOlder}>
          {loading ? 'Loading older ones' : 'Older ones'}
        </Button>
      )}
    </nav>
  )
}

export const OutboxEntry = ({ item, on, title, time, sub }: OutboxEntryProps) => (
  <li className={on ? 'is-on' : undefined}>
    <RouteLink patch={{ item }} aria-current={on ? 'true' : undefined}>
      <span className="row">
        <b className="clip">{title}</b>
        <span className="spacer" />
        <span className="mono t3">{time}</span>
      </span>
      <span className="t3 clip">{sub}</span>
    </RouteLink>
  </li>
)
