'use client'
import { z } from 'zod'
import { create } from 'zustand'
import type { Problem } from '#contracts/errors.ts'
import { type FaultCatalogueItem, faultCatalogueItem } from '#contracts/faults/fault.ts'
import { api } from '#web/live/api.ts'

/** LOADING → READY | FAILED; a reload keeps what is there until the new answer has come. */
interface CatalogueState {
  state: 'loading' | 'ready' | 'failed'
  items: FaultCatalogueItem[]
  problem: Problem | undefined
  load: () => Promise<void>
}

const answer = z.object({ items: z.array(faultCatalogueItem) })
let newest = 0

/** Every kind of fault, with the targets that it can have on the broker of now. */
export const useCatalogue = create<CatalogueState>()((set) => ({
  state: 'loading',
  items: [],
  problem: undefined,
  load: async () => {
    newest += 1
    const mine = newest
    const got = await api.get('/api/faults/catalogue')
    if (mine !== newest) return
    if (got.ok) set({ state: 'ready', items: answer.parse(got.value).items, problem: undefined })
    else set({ state: 'failed', problem: got.problem })
  },
}))
