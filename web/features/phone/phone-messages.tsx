'use client'

import { useEffect } from 'react'
import type { MessageRow } from '#contracts/api/journey.ts'
import { useLive, watch } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
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
    watch({ tail: paused ? null : noFilters })
    return () => watch({ tail: null, rows: [] })
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
  useEffect(() => watch({ rows: unsettled === '' ? [] : unsettled.split(',') }), [unsettled])
  if (newest.length === 0) {
    return loading ? (
      <div className="empty" aria-busy="true" />
    ) : (
      <Empty icon="list" title="Nothing published yet">
        Messages appear here as they are published.
      </Empty>
    )
  }
  return (
    <section className="ph-sec ph-sec--last">
      <div className="row">
        <h2>Newest {newest.length}</h2>
        <span className="spacer" />
        <Button small onClick={() => setPaused(!paused)}>
          <Icon name={paused ? 'play' : 'pause'} size={12} />
          {paused ? 'Resume' : 'Pause'}
        </Button>
      </div>
      <ul className="pns">
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
    <li>
      <RouteLink className="phone__row" path="/" patch={{ message: row.id }}>
        <span className="row">
          <b>{row.type}</b>
          <span className="spacer" />
          <span className="mono t3">{clock(row.publishedAt)}</span>
        </span>
        <code className="t3 clip">{row.id}</code>
        {row.publish === 'acked' || row.groups.length > 0 ? null : <Shown view={publishStatus(row.publish)} />}
        {row.groups.map((group) => (
          <span className="row" key={group.group}>
            <span className="t3 phone__group">{group.group}</span>
            <Shown view={groupStatus(row, group, now)} />
          </span>
        ))}
      </RouteLink>
    </li>
  )
}
