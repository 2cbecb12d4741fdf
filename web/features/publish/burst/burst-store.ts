'use client'

import { z } from 'zod'
import { create } from 'zustand'
import { type Burst, type BurstInput, burst } from '#contracts/api/burst.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { type BurstSeries, emptySeries, withFigures } from './burst-series.ts'

interface BurstState {
  /** Newest first, as the server listed them. */
  earlier: Burst[]
  /** The one that the panel shows; undefined: a running one, else none. */
  shown: string | undefined
  starting: boolean
  problem: Problem | undefined
  series: Record<string, BurstSeries>
  show: (id: string) => void
  load: () => Promise<void>
  start: (input: BurstInput) => Promise<void>
  stop: (id: string) => Promise<void>
}

const listed = z.object({ items: z.array(burst) })
const begun = z.object({ id: z.string() })

export const useBursts = create<BurstState>()((set, get) => ({
  earlier: [],
  shown: undefined,
  starting: false,
  problem: undefined,
  series: {},
  show: (shown) => set({ shown, problem: undefined }),
  load: async () => {
    const answer = await api.get('/api/bursts')
    if (answer.ok) set({ earlier: listed.parse(answer.value).items })
    else set({ problem: answer.problem })
  },
  start: async (input) => {
    set({ starting: true, problem: undefined })
    const answer = await api.post('/api/bursts', input)
    if (answer.ok) set({ starting: false, shown: begun.parse(answer.value).id })
    else set({ starting: false, problem: answer.problem })
    await get().load()
  },
  stop: async (id) => {
    const answer = await api.delete(`/api/bursts/${encodeURIComponent(id)}`)
    if (!answer.ok) set({ problem: answer.problem })
    await get().load()
  },
}))

/** The newest figures of a burst: those that are live, else those of the list. */
export const newest = (id: string | undefined, live: Burst[], earlier: Burst[]): Burst | undefined =>
  live.find((one) => one.id === id) ?? earlier.find((one) => one.id === id)

// Rates are collected from the moment that this part is loaded, whatever is on screen, for bursts that are live.
useLive.subscribe((live, before) => {
  if (live.bursts === before.bursts) return
  const { series } = useBursts.getState()
  const next = Object.fromEntries(
    live.bursts.map((one) => [one.id, withFigures(series[one.id] ?? emptySeries, one)] as const),
  )
  if (live.bursts.some((one) => next[one.id] !== series[one.id])) useBursts.setState({ series: next })
})
