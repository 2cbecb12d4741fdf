'use client'

import { useEffect, useMemo } from 'react'
import { useLive, watchLive } from '#web/live/live-store.ts'
import { useIsReplayed } from '#web/live/replay.ts'
import { usePlace } from '#web/live/url-state.ts'
import { filtersOf } from './message-filters.ts'
import { MessageTable } from './message-table.tsx'
import { MessageTools } from './message-tools.tsx'
import { useMessages } from './messages-store.ts'
import { NoMessages } from './no-messages.tsx'

/** The live tail, and the search through what is kept. Its filters are in the address. */
export function MessagesTab() {
  const place = usePlace()
  const query = place?.query.toString() ?? ''
  const wanted = useMemo(() => filtersOf(new URLSearchParams(query)), [query])
  const text = JSON.stringify(wanted)
  const filters = useMemo(() => JSON.parse(text) as typeof wanted, [text])
  const { paused, loading, problem, open, takeTail } = useMessages()
  const replayed = useIsReplayed()

  // biome-ignore lint/correctness/useExhaustiveDependencies: back at now, what is listed is read again
  useEffect(() => {
    void open(filters)
  }, [filters, open, replayed])

  useEffect(() => {
    watchLive({ tail: paused ? null : filters })
    return () => watchLive({ tail: null, rows: [] })
  }, [filters, paused])

  useEffect(() => {
    takeTail(useLive.getState().tail.rows)
    return useLive.subscribe((live, before) => {
      if (live.tail !== before.tail) takeTail(live.tail.rows)
    })
  }, [takeTail])

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <MessageTools filters={filters} />
      <MessageTable empty={<NoMessages loading={loading} filters={filters} problem={problem} />} />
    </div>
  )
}
