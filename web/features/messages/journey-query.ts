'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { type Journey, journey } from '#contracts/api/journey.ts'
import { read } from '#web/http/server-state.ts'
import { useReplayedAt } from '#web/live/replay.ts'

/** The journey of a message as the server has it when this is asked, or as it was at the moment that is shown; nothing is asked without an id. */
export function useStoredJourney(id: string | undefined): UseQueryResult<Journey> {
  const at = useReplayedAt()
  const name = encodeURIComponent(id ?? '')
  const path = at === undefined ? `/api/messages/${name}` : `/api/history/messages/${name}?t=${Math.round(at)}`
  return useQuery<Journey>({
    queryKey: at === undefined ? ['journey', id] : ['journey', id, Math.round(at)],
    queryFn: ({ signal }) => read(path, journey, signal),
    enabled: id !== undefined,
    // From moment to moment the drawer stays open.
    placeholderData: (before: Journey | undefined) => (at !== undefined && before?.id === id ? before : undefined),
    ...(at === undefined ? {} : { gcTime: 10_000 }),
  })
}
