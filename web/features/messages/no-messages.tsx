'use client'

import type { Problem } from '#contracts/errors.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { emptyClass } from '#web/ui/recipes/panel-parts.ts'
import { filterCount, type MessageFilters, noFilters } from './message-filters.ts'
import { useMessages } from './messages-store.ts'

interface NoMessagesProps {
  loading: boolean
  filters: MessageFilters
  problem: Problem | undefined
}

/** Why the list is empty, and one thing to do about it. */
export function NoMessages({ loading, filters, problem }: NoMessagesProps) {
  const published = useLive((live) =>
    live.topology.nodes.some((node) => node.kind === 'topic' && (live.nodes[node.id]?.total ?? 0) > 0),
  )
  const known = useLive((live) => live.connection === 'live' || live.topology.nodes.length > 0)
  const { paused, setPaused, open } = useMessages()
  if (loading || !known)
    return (
      <div className={emptyClass} aria-busy="true">
        <p className="text-fg-3">Reading messages…</p>
      </div>
    )
  if (problem) {
    return (
      <Empty icon="alert" title={problem.title} action={<Button onClick={() => void open(filters)}>Try again</Button>}>
        {problem.detail}
      </Empty>
    )
  }
  if (filterCount(filters) > 0 || filters.q) {
    return (
      <Empty
        icon="search"
        title="No message fits the filters"
        action={<Button onClick={() => setParams(noFilters)}>Take the filters off</Button>}
      >
        Those that arrive and fit appear here. Journeys are kept for everything unsettled and the last 100,000 settled.
      </Empty>
    )
  }
  if (paused) {
    return (
      <Empty icon="pause" title="The list is paused" action={<Button onClick={() => setPaused(false)}>Resume</Button>}>
        What was published meanwhile comes back with it.
      </Empty>
    )
  }
  if (published) {
    return (
      <Empty icon="list" title="The list was cleared">
        New messages appear here as they are published.
      </Empty>
    )
  }
  return (
    <Empty
      icon="list"
      title="Nothing published yet"
      action={
        <RouteLink className={buttonClass()} path="/publish">
          <Icon name="send" />
          Publish an event
        </RouteLink>
      }
    >
      Every message appears here with what became of it in each consumer.
    </Empty>
  )
}
