'use client'

import { useEffect } from 'react'
import type { MessageRow } from '#contracts/api/journey.ts'
import { useLive, watchLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { emptyClass } from '#web/ui/recipes/panel-parts.ts'
import { Shown } from '../messages/message-line.tsx'
import { groupStatus, publishStatus } from '../messages/message-status.ts'
import { useMessages } from '../messages/messages-store.ts'
import { clock } from '../words/figures.ts'

const shownRows = 60
const noFilters = {}

/** The newest messages, newest on top, each with its state in every group. */
export function PhoneMessages() {
  const { rows, paused, loading, open, takeTail, setPaused } = useMessages()
  useEffect(() => void open(noFilters), [open])
  useEffect(() => {
    watchLive({ tail: paused ? null : noFilters })
    return () => watchLive({ tail: null, rows: [] })
  }, [paused])
  useEffect(
    () =>
      useLive.subscribe((live, before) => {
        if (live.tail !== before.tail) takeTail(live.tail.rows)
      }),
    [takeTail],
  )
  const newest = rows.slice(-shownRows).reverse()
  const unsettled = newest.flatMap((row) => (row.settledInMs === undefined ? [row.id] : [])).join()
  useEffect(() => watchLive({ rows: unsettled === '' ? [] : unsettled.split(',') }), [unsettled])
  if (newest.length === 0) {
    return loading ? (
      <div className={cn(emptyClass, 'flex-1')} aria-busy="true" />
    ) : (
      <Empty className="flex-1" icon="list" title="Nothing published yet">
        Messages appear here as they are published.
      </Empty>
    )
  }
  return (
    <section className="border-b-0 border-line bg-surface p-4">
      <div className="flex min-w-0 items-center gap-2">
        <h2 className="mb-2 type-13 font-semibold">Newest {newest.length}</h2>
        <span className="flex-1" />
        <Button small onClick={() => setPaused(!paused)}>
          <Icon name={paused ? 'play' : 'pause'} size={12} />
          {paused ? 'Resume' : 'Pause'}
        </Button>
      </div>
      <ul className="relative grid">
        {newest.map((row) => (
          <Line key={row.id} row={row} />
        ))}
      </ul>
    </section>
  )
}

function Line({ row: listed }: { row: MessageRow }) {
  const row = useLive((live) => (listed.settledInMs === undefined ? (live.rows[listed.id] ?? listed) : listed))
  const now = useLive((live) => (row.settledInMs === undefined ? live.at : 0))
  return (
    <li className="border-t border-line first:border-t-0">
      <RouteLink className="grid gap-1 py-3 text-inherit" path="/" patch={{ message: row.id }}>
        <span className="flex min-w-0 items-center gap-2">
          <b className="type-13 font-medium">{row.type}</b>
          <span className="flex-1" />
          <span className="mono text-fg-3">{clock(row.publishedAt)}</span>
        </span>
        <code className="min-w-0 truncate text-fg-3">{row.id}</code>
        {row.publish === 'acked' || row.groups.length > 0 ? null : <Shown view={publishStatus(row.publish)} />}
        {row.groups.map((group) => (
          <span className="flex min-w-0 items-center gap-2" key={group.group}>
            <span className="flex-[0_0_112px] text-fg-3">{group.group}</span>
            <Shown view={groupStatus(row, group, now)} />
          </span>
        ))}
      </RouteLink>
    </li>
  )
}
