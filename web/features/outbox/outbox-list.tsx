'use client'

import type { ReactNode } from 'react'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { useDataRows } from '#web/ui/data-table/use-data-rows.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import type { Outbox } from './outbox-store.ts'

interface OutboxEntryProps {
  item: string
  on: boolean
  title: ReactNode
  time: string
  sub: ReactNode
}

interface OutboxListProps<Item> {
  label: string
  outbox: Outbox
  /** Newest first. */
  items: readonly Item[]
  keyOf: (item: Item) => string
  entry: (item: Item) => Omit<OutboxEntryProps, 'item' | 'on'>
  /** Key of the one that is read. */
  open: string
}

/** Height of an entry, in pixels. */
const entryHeight = 45

/** The left half: what there is, newest first, drawn only if it is seen; older ones come as the reader nears the end. */
export function OutboxList<Item>({ label, outbox, items, keyOf, entry, open }: OutboxListProps<Item>) {
  const { more, loading, loadOlder } = outbox
  const { scroller, onScroll, drawn, total } = useDataRows({
    ...{ rows: items, keyOf, height: entryHeight },
    older: { more, loading, load: loadOlder },
  })
  return (
    <nav
      ref={scroller}
      className="overflow-y-auto border-r border-line text-center"
      aria-label={label}
      onScroll={onScroll}
    >
      <ul className="relative" style={{ height: total }}>
        {drawn.map(({ key, row, index, start }) => (
          <li
            key={key}
            className="absolute inset-x-0 top-0 border-b border-line"
            style={{ height: entryHeight, transform: `translateY(${start}px)` }}
            aria-setsize={outbox.total}
            aria-posinset={index + 1}
          >
            <OutboxEntry item={key} on={key === open} {...entry(row)} />
          </li>
        ))}
      </ul>
      {!more ? null : (
        <Button small variant="ghost" disabled={loading} onClick={loadOlder}>
          {loading ? 'Loading older ones' : 'Older ones'}
        </Button>
      )}
    </nav>
  )
}

const OutboxEntry = ({ item, on, title, time, sub }: OutboxEntryProps) => (
  <RouteLink
    className={cn(
      'grid h-full content-center gap-0.5 px-4 text-left text-fg-2 hover:no-underline focus-visible:-outline-offset-2',
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
)
