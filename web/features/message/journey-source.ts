'use client'

import { useEffect, useMemo } from 'react'
import type { Journey } from '#contracts/api/journey.ts'
import type { Problem } from '#contracts/errors.ts'
import { keepsNumbers, parseExact } from '#contracts/events/exact-numbers.ts'
import { useLive, watchLive } from '#web/live/live-store.ts'
import { useStoredJourney } from '../messages/journey-query.ts'

export type JourneySource =
  | { state: 'loading' }
  | { state: 'there'; journey: Journey }
  | { state: 'gone'; problem: Problem }

/** The journey of a message: read once, then as the live frames bring it. */
export function useJourney(id: string): JourneySource {
  const live = useLive((state) => (state.message?.id === id ? state.message : undefined))
  const { data, error } = useStoredJourney(id)
  useEffect(() => watchLive({ message: id }), [id])
  const exact = useMemo(() => (live ? withExactPayload(live) : undefined), [live])
  if (exact) return { state: 'there', journey: exact }
  if (error) return { state: 'gone', problem: error }
  return data ? { state: 'there', journey: data } : { state: 'loading' }
}

/** Live frames carry the payload as JavaScript has it, and the body as it was published. */
const withExactPayload = (journey: Journey): Journey =>
  typeof journey.payload === 'string' || keepsNumbers(journey.raw)
    ? journey
    : { ...journey, payload: parseExact(journey.raw) }
