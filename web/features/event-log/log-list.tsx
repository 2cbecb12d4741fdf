'use client'
import { useState } from 'react'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Topology } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { TopicOf } from '#web/features/faults/fault-places.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { useDataRows } from '#web/ui/data-table/use-data-rows.ts'
import { Icon, type IconName } from '#web/ui/icon.tsx'
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

/** The entries, drawn only where they are seen. New ones come in at the top while the reader is there; elsewhere the list stands still. */
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
      <section ref={scroller} className="event-log__list" onScroll={onScroll} aria-label="Event log, newest first">
        <ol style={{ height: total }}>
          {drawn.map(({ key, row, start }) => (
            <li key={key} style={{ transform: `translateY(${start}px)` }}>
              <Entry {...link(row)} />
            </li>
          ))}
        </ol>
        {loading ? <p className="event-log__more t3">Reading older entries…</p> : null}
      </section>
      {newer === 0 ? null : (
        <Button small className="messages__new event-log__new" onClick={toEdge}>
          <Icon name="up" size={12} />
          {count(newer)} new
        </Button>
      )}
    </>
  )
}

const icons: Record<EventLogEntry['kind'], IconName> = { fault: 'bolt', service: 'consumer', part: 'db', lab: 'graph' }
const dayMs = 86_400_000

function Entry({ entry, known, topology, topicOf }: LinkInput) {
  const patch = subjectPatch(entry, known, topology, topicOf)
  const { at, kind, level, message, subject, group } = entry
  const isOld = Date.now() - Date.parse(at) > dayMs
  return (
    <div className={`entry entry--${level} ${kind === 'fault' ? 'entry--fault' : ''}`}>
      <time className="mono t3" dateTime={at}>
        {isOld ? dayAndTime(at) : clock(at)}
      </time>
      <Icon name={group === undefined ? icons[kind] : 'retry'} size={12} />
      <span className="entry__level">{level === 'info' ? '' : level}</span>
      <span className="clip" title={message}>
        {message}
      </span>
      {subject === undefined ? null : patch === undefined ? (
        <span className="t3 clip">{subject.replace('->', ' → ')}</span>
      ) : (
        <RouteLink className="entry__link clip" patch={patch}>
          {subject.replace('->', ' → ')}
        </RouteLink>
      )}
    </div>
  )
}
