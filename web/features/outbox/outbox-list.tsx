'use client'

import type { ReactNode } from 'react'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
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
    <nav className="overflow-y-auto border-r border-line text-center" aria-label={label}>
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
  <li className="border-b border-line">
    <RouteLink
      className={cn(
        'grid gap-0.5 px-4 py-1.5 text-left text-fg-2 hover:no-underline',
        on ? 'bg-accent-bg shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
      )}
      patch={{ item }}
      aria-current={on ? 'true' : undefined}
    >
      <span className="flex min-w-0 items-center gap-2">
        <b className="min-w-0 truncate font-medium text-fg">{title}</b>
        <span className="flex-1" />
        <span className="mono text-fg-3">{time}</span>
      </span>
      <span className="min-w-0 truncate text-fg-3">{sub}</span>
    </RouteLink>
  </li>
)
