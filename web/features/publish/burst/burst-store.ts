'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { create } from 'zustand'
import { type Burst, type BurstInput, burst } from '#contracts/api/burst.ts'
import type { Problem } from '#contracts/errors.ts'
import { type Answer, api } from '#web/http/api.ts'
import { read, serverState } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'
import { type BurstSeries, emptySeries, withFigures } from './burst-series.ts'

interface BurstState {
  /** The one that the panel shows; undefined: a running one, else none. */
  shown: string | undefined
  /** Why the last one could not be begun or stopped. */
  problem: Problem | undefined
  /** Rates of those that are live, collected as they come. */
  series: Record<string, BurstSeries>
  show: (id: string) => void
  /** The answer of the server. A burst that began is shown at once. */
  start: (input: BurstInput) => Promise<Answer>
  stop: (id: string) => Promise<void>
}

const listed = z.object({ items: z.array(burst) })
const begun = z.object({ id: z.string() })
const queryKey = ['bursts']
const none: Burst[] = []

/** What the panel shows and asks for. */
export const useBursts = create<BurstState>()((set) => ({
  shown: undefined,
  problem: undefined,
  series: {},
  show: (shown) => set({ shown, problem: undefined }),
  start: async (input) => {
    set({ problem: undefined })
    const answer = await api.post('/api/bursts', input)
    set(answer.ok ? { shown: begun.parse(answer.value).id } : { problem: answer.problem })
    await reload()
    return answer
  },
  stop: async (id) => {
    const answer = await api.delete(`/api/bursts/${encodeURIComponent(id)}`)
    if (!answer.ok) set({ problem: answer.problem })
    await reload()
  },
}))

const reload = (): Promise<void> => serverState.invalidateQueries({ queryKey })

/** Former bursts, newest first, as the server lists them; their own figures come live while they run. */
export function useEarlierBursts(): { earlier: Burst[]; problem: Problem | undefined } {
  const { data, error } = useQuery({ queryKey, queryFn: ({ signal }) => read('/api/bursts', listed, signal) })
  return { earlier: data?.items ?? none, problem: error ?? undefined }
}

/** The newest figures of a burst: those that are live, else those of the list. */
export const newest = (id: string | undefined, live: Burst[], earlier: Burst[]): Burst | undefined =>
  live.find((one) => one.id === id) ?? earlier.find((one) => one.id === id)

const states = (bursts: readonly Burst[]): string => bursts.map((one) => `${one.id} ${one.state}`).join()

// From the moment that this part is loaded, whatever is on screen: rates are collected, and the list is read again when a
// burst begins or ends.
useLive.subscribe((live, before) => {
  if (live.bursts === before.bursts) return
  if (states(live.bursts) !== states(before.bursts)) void reload()
  const { series } = useBursts.getState()
  const next = Object.fromEntries(
    live.bursts.map((one) => [one.id, withFigures(series[one.id] ?? emptySeries, one)] as const),
  )
  if (live.bursts.some((one) => next[one.id] !== series[one.id])) useBursts.setState({ series: next })
})
