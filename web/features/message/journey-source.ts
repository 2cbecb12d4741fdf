'use client'

import { useEffect } from 'react'
import type { Journey } from '#contracts/api/journey.ts'
import type { Problem } from '#contracts/errors.ts'
import { useLive, watch } from '#web/live/live-store.ts'
import { useStoredJourney } from '../messages/journey-query.ts'

export type JourneySource =
  | { state: 'loading' }
  | { state: 'there'; journey: Journey }
  | { state: 'gone'; problem: Problem }

/** The journey of a message: read once, then as the live frames bring it. */
export function useJourney(id: string): JourneySource {
  const live = useLive((state) => (state.message?.id === id ? state.message : undefined))
  const { data, error } = useStoredJourney(id)
  useEffect(() => watch({ message: id }), [id])
  if (live) return { state: 'there', journey: live }
  if (error) return { state: 'gone', problem: error }
  return data ? { state: 'there', journey: data } : { state: 'loading' }
}
