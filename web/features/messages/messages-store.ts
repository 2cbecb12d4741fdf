'use client'

import { z } from 'zod'
import { create } from 'zustand'
import { type MessageRow, messageRow } from '#contracts/api/journey.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/http/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { type MessageFilters, pageQuery } from './message-filters.ts'
import { passes } from './passes.ts'
import { followedRows, mergeRows, pendingRows, readRows } from './row-buffer.ts'

/**
 * The list of messages. FOLLOWING: at the bottom, the tail flows in. READING: scrolled up or paused, nothing moves and
 * what arrived is counted in `pending`.
 */
interface MessagesState {
  rows: MessageRow[]
  pending: number
  atBottom: boolean
  paused: boolean
  /** The first page of the filters has been asked for and is not there yet. */
  loading: boolean
  loadingOlder: boolean
  /** Where older messages continue; undefined: there are none. */
  older: string | undefined
  problem: Problem | undefined
  filters: MessageFilters
  open: (filters: MessageFilters) => Promise<void>
  loadOlder: () => Promise<void>
  takeTail: (tail: readonly MessageRow[]) => void
  setAtBottom: (atBottom: boolean) => void
  setPaused: (paused: boolean) => void
  clear: () => void
}

const pageRows = 100
/** Older pages are larger: who goes back wants to come to the end. */
const olderRows = 500
const page = z.object({ items: z.array(messageRow), nextCursor: z.string().optional() })

export const useMessages = create<MessagesState>()((set, get) => ({
  rows: [],
  pending: 0,
  atBottom: true,
  paused: false,
  // Until the first page is there: a list that was not asked for yet is not an empty one.
  loading: true,
  loadingOlder: false,
  older: undefined,
  problem: undefined,
  filters: {},
  open: async (filters) => {
    if (useLive.getState().replay) {
      set({ filters, loading: false, problem: undefined })
      return get().takeTail(useLive.getState().tail.rows)
    }
    useLive.getState().clearTail()
    set({ filters, rows: [], pending: 0, older: undefined, atBottom: true, loading: true, problem: undefined })
    const answer = await api.get(pageQuery(filters, pageRows))
    // Another search may have begun meanwhile: its answer counts, this one does not.
    if (get().filters !== filters || useLive.getState().replay) return
    if (!answer.ok) return set({ loading: false, problem: answer.problem })
    const { items, nextCursor } = page.parse(answer.value)
    // What the tail brought meanwhile may still be of the filters before: without filters all of it fits, else none is taken.
    const meanwhile = Object.keys(filters).length === 0 ? useLive.getState().tail.rows : []
    useLive.getState().clearTail()
    set({ loading: false, older: nextCursor, rows: mergeRows(items.reverse(), meanwhile, followedRows) })
  },
  loadOlder: async () => {
    const { older, filters, loadingOlder } = get()
    if (older === undefined || loadingOlder) return
    set({ loadingOlder: true })
    const answer = await api.get(pageQuery(filters, olderRows, older))
    if (get().filters !== filters) return set({ loadingOlder: false })
    if (!answer.ok) return set({ loadingOlder: false, problem: answer.problem })
    const { items, nextCursor } = page.parse(answer.value)
    const rows = mergeRows(get().rows, items.reverse(), readRows)
    set({ loadingOlder: false, rows, older: rows.length >= readRows ? undefined : nextCursor, problem: undefined })
  },
  takeTail: (tail) => {
    const { rows, atBottom, paused, loading, filters } = get()
    // A moment has its own list, whole.
    if (useLive.getState().replay) {
      return set({ rows: tail.filter((row) => passes(row, filters)), pending: 0, older: undefined, loading: false })
    }
    if (loading) return
    if (atBottom && !paused) return set({ rows: mergeRows(rows, tail, followedRows), pending: 0 })
    set({ pending: paused ? 0 : pendingRows(rows, tail) })
  },
  setAtBottom: (atBottom) => {
    if (get().atBottom === atBottom) return
    set({ atBottom })
    if (atBottom) get().takeTail(useLive.getState().tail.rows)
  },
  setPaused: (paused) => {
    set({ paused, pending: 0 })
    if (!paused) void get().open(get().filters)
  },
  clear: () => {
    useLive.getState().clearTail()
    set({ rows: [], pending: 0, older: undefined, problem: undefined })
  },
}))
