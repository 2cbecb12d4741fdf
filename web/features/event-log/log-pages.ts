'use client'
import { z } from 'zod'
import { create } from 'zustand'
import { type EventLogEntry, eventLogEntry } from '#contracts/api/event-log.ts'
import type { Problem } from '#contracts/errors.ts'
import { type Fault, fault } from '#contracts/faults/fault.ts'
import { api } from '#web/live/api.ts'
import { joinLog } from './log-filter.ts'

/** Entries of before what is live, page by page, newest first, and the faults that they name. */
interface LogPages {
  entries: EventLogEntry[]
  faults: Fault[]
  /** More can be asked for with it; null: there is nothing older; undefined: nothing was asked for yet. */
  cursor: string | null | undefined
  loading: boolean
  problem: Problem | undefined
  /** Begins anew, with the newest. */
  open: () => Promise<void>
  older: () => Promise<void>
}

const pageSize = 200
const page = z.object({ items: z.array(eventLogEntry), nextCursor: z.string().optional() })
const faultList = z.object({ items: z.array(fault) })

export const useLogPages = create<LogPages>()((set, get) => {
  async function take(cursor: string | undefined): Promise<void> {
    if (get().loading) return
    set({ loading: true })
    const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await api.get(`/api/event-log?limit=${pageSize}${from}`)
    if (!answer.ok) return set({ loading: false, problem: answer.problem })
    const { items, nextCursor } = page.parse(answer.value)
    set((pages) => ({
      ...{ loading: false, problem: undefined, cursor: nextCursor ?? null },
      entries: joinLog(cursor === undefined ? [] : pages.entries, items),
    }))
  }
  return {
    entries: [],
    faults: [],
    cursor: undefined,
    loading: false,
    problem: undefined,
    open: async () => {
      const [, answer] = await Promise.all([take(undefined), api.get('/api/faults')])
      if (answer.ok) set({ faults: faultList.parse(answer.value).items })
    },
    older: async () => {
      const { cursor } = get()
      if (typeof cursor === 'string') await take(cursor)
    },
  }
})
