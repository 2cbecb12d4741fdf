'use client'
import { useState } from 'react'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Topology } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { TopicOf } from '#web/features/faults/fault-places.ts'
import { replayPatch } from '#web/live/replay.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { useDataRows } from '#web/ui/data-table/use-data-rows.ts'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { levelClass } from '#web/ui/recipes/level.ts'
import { clock, count, dayAndTime } from '../words/figures.ts'
import { subjectPatch } from './log-subject.ts'

const keyOf = ({ seq }: EventLogEntry): string => String(seq)

/** What an entry may lead to. */
interface LinkInput {
  entry: EventLogEntry
  known: ReadonlyMap<string, Fault>
  topology: Topology
  topicOf: TopicOf
}

interface LogListProps {
  /** Newest first. */
  entries: EventLogEntry[]
  link: (entry: EventLogEntry) => LinkInput
  /** Whether there is something older. */
  more: boolean
  loading: boolean
  onMore: () => void
}

/** The entries, drawn only if they are seen. New ones come in at the top while the reader is there; elsewhere the list does not move. */
export function LogList({ entries, link, more, loading, onMore }: LogListProps) {
  /** Number of the newest entry shown while the reader is further down. */
  const [heldAt, setHeldAt] = useState<number>()
  const newer = heldAt === undefined ? 0 : entries.filter(({ seq }) => seq > heldAt).length
  const shown = newer === 0 ? entries : entries.slice(newer)
  const { scroller, onScroll, drawn, total, toEdge } = useDataRows({
    rows: shown,
    keyOf,
    follow: {
      edge: 'top',
      following: heldAt === undefined,
      setFollowing: (following) => setHeldAt(following ? undefined : entries[0]?.seq),
    },
    older: { more, loading, load: onMore },
  })
  return (
    <>
      <section
        ref={scroller}
        className="min-h-0 flex-1 overflow-auto [overflow-anchor:none] focus-visible:-outline-offset-2"
        onScroll={onScroll}
        aria-label="Event log, newest first"
      >
        <ol className="relative" style={{ height: total }}>
          {drawn.map(({ key, row, start }) => (
            <li key={key} className="absolute inset-x-0 top-0" style={{ transform: `translateY(${start}px)` }}>
              <Entry {...link(row)} />
            </li>
          ))}
        </ol>
        {loading ? <p className="px-4 py-1.5 text-fg-3">Reading older entries…</p> : null}
      </section>
      {newer === 0 ? null : (
        <Button small className="absolute top-2 right-1/2 translate-x-1/2 shadow-float" onClick={toEdge}>
          <Icon name="up" size={12} />
          {count(newer)} new
        </Button>
      )}
    </>
  )
}

const icons: Record<EventLogEntry['kind'], IconName> = {
  fault: 'bolt',
  service: 'consumer',
  part: 'db',
  publish: 'send',
  redrive: 'right',
  audit: 'pass',
  change: 'edit',
  broker: 'queue',
  note: 'star',
  lab: 'graph',
}
const dayMs = 86_400_000

function Entry({ entry, known, topology, topicOf }: LinkInput) {
  const patch = subjectPatch(entry, known, topology, topicOf)
  const { at, kind, level, message, subject, group } = entry
  const isOld = Date.now() - Date.parse(at) > dayMs
  return (
    <div className="grid h-7 grid-cols-[96px_12px_40px_minmax(0,1fr)_minmax(0,200px)] items-center gap-x-2 border-b border-line px-4">
      <RouteLink
        className="text-fg-3"
        path="/"
        patch={replayPatch(Date.parse(at))}
        title="Replay from here"
        aria-label={`Replay from ${clock(at)}`}
      >
        <time className="mono" dateTime={at}>
          {isOld ? dayAndTime(at) : clock(at)}
        </time>
      </RouteLink>
      <Icon
        className={kind === 'fault' ? 'text-fault' : 'text-fg-3'}
        name={group === undefined ? icons[kind] : 'retry'}
        size={12}
      />
      <span className={cn('font-medium', levelClass[level])}>{level === 'info' ? '' : level}</span>
      <span className="min-w-0 truncate" title={message}>
        {message}
      </span>
      {subject === undefined ? null : patch === undefined ? (
        <span className="max-w-full min-w-0 justify-self-end truncate text-fg-3">{subject.replace('->', ' → ')}</span>
      ) : (
        <RouteLink className="max-w-full min-w-0 justify-self-end truncate" patch={patch}>
          {subject.replace('->', ' → ')}
        </RouteLink>
      )}
    </div>
  )
}
