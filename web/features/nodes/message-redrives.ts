'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { type Redriven, redriven } from '#contracts/api/dead-letter.ts'
import type { Journey } from '#contracts/api/journey.ts'
import { read } from '#web/live/server-state.ts'

const list = z.object({ items: z.array(redriven) })
const none: Redriven[] = []

/**
 * Redrives of a message, oldest first; read again when a group's state or attempts say that there may be another. Undefined while
 * they are read for the first time: till then a redrive would look like a backoff. No journey: no redrives.
 */
export function useMessageRedrives(journey: Journey | undefined): Redriven[] | undefined {
  const stage = journey?.obligations.map(({ state, attempts }) => `${state} ${attempts.length}`).join()
  const { data, isLoading } = useQuery({
    queryKey: ['redrives-of', journey?.id, stage],
    queryFn: ({ signal }) => read(`/api/messages/${encodeURIComponent(journey?.id ?? '')}/redrives`, list, signal),
    // Those that are known stay in sight while the next are read.
    placeholderData: (known, query) => (query?.queryKey[1] === journey?.id ? known : undefined),
    enabled: journey?.obligations.some(({ attempts }) => attempts.some(({ outcome }) => outcome === 'error')) ?? false,
  })
  return isLoading ? undefined : (data?.items ?? none)
}
