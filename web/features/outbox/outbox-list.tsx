'use client'

import type { ReactNode } from 'react'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { cn } from '#web/ui/cn.ts'
import { useOutbox } from './outbox-store.ts'

interface OutboxEntryProps {
  item: string
  on: boolean
  title: ReactNode
  time: string
  sub: ReactNode
}

/** The left half: what there is, newest first, page after page. */
export function OutboxList({ label, children }: { label: string; children: ReactNode }) {
  const { older, loading, loadOlder } = useOutbox()
  return (
    <nav className="overflow-y-auto border-r border-line text-center" aria-label={label}>
      <ul>{children}</ul>
      {older === undefined ? null : (
        <Button small variant="ghost" disabled={loading} onClick={() => void loadOlder()}>
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
