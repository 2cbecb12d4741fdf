'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { z } from 'zod'
import { type EventLogEntry, eventLogEntry } from '#contracts/api/event-log.ts'
import type { Problem } from '#contracts/errors.ts'
import { read } from '#web/http/server-state.ts'
import { useReplayedAt } from '#web/live/replay.ts'

/** Entries older than what is live, page by page. */
interface LogPages {
  /** Newest first. */
  entries: EventLogEntry[]
  /** Whether there is something older. */
  more: boolean
  loading: boolean
  problem: Problem | undefined
  /** Begins again, with the newest. */
  open: () => void
  older: () => void
}

const pageSize = 200
const page = z.object({ items: z.array(eventLogEntry), nextCursor: z.string().optional() })

/** The event log as the server keeps it, from the newest on; each time that it is opened it begins with one page. */
export function useLogPages(): LogPages {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['event-log'],
    queryFn: ({ pageParam, signal }) => {
      const from = pageParam === undefined ? '' : `&cursor=${encodeURIComponent(pageParam)}`
      return read(`/api/event-log?limit=${pageSize}${from}`, page, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    gcTime: 0,
  })
  const at = useReplayedAt()
  const entries = useMemo(
    () =>
      (data?.pages.flatMap(({ items }) => items) ?? []).filter(
        (entry) => at === undefined || Date.parse(entry.at) <= at,
      ),
    [data, at],
  )
  return {
    entries,
    more: hasNextPage,
    loading: isFetching,
    problem: error ?? undefined,
    open: () => void refetch(),
    older: () => void fetchNextPage(),
  }
}
