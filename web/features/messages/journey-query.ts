'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { type Journey, journey } from '#contracts/api/journey.ts'
import { read } from '#web/live/server-state.ts'

/** The journey of a message as the server has it when this is asked; nothing is asked without an id. */
export const useStoredJourney = (id: string | undefined): UseQueryResult<Journey> =>
  useQuery({
    queryKey: ['journey', id],
    queryFn: ({ signal }) => read(`/api/messages/${encodeURIComponent(id ?? '')}`, journey, signal),
    enabled: id !== undefined,
  })
