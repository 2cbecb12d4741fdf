'use client'

import { useEffect, useState } from 'react'
import { type Journey, journey } from '#contracts/api/journey.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { useLive, watch } from '#web/live/live-store.ts'

export type JourneySource =
  | { state: 'loading' }
  | { state: 'there'; journey: Journey }
  | { state: 'gone'; problem: Problem }

/** The journey of a message: fetched once, then as the live frames bring it. */
export function useJourney(id: string): JourneySource {
  const live = useLive((state) => (state.message?.id === id ? state.message : undefined))
  const [fetched, setFetched] = useState<{ id: string; source: JourneySource }>()
  useEffect(() => {
    const gone = new AbortController()
    watch({ message: id })
    api.get(`/api/messages/${encodeURIComponent(id)}`, { signal: gone.signal }).then((answer) => {
      if (gone.signal.aborted) return
      const source: JourneySource = answer.ok
        ? { state: 'there', journey: journey.parse(answer.value) }
        : { state: 'gone', problem: answer.problem }
      setFetched({ id, source })
    })
    return () => gone.abort()
  }, [id])
  if (live) return { state: 'there', journey: live }
  return fetched?.id === id ? fetched.source : { state: 'loading' }
}
