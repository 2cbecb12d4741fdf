'use client'

import { create } from 'zustand'
import {
  type DeadLetterItem,
  type DeadLetterList,
  deadLetterList,
  deadLetterListLimit,
} from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { firstLetters } from './dead-letter-rows.ts'
import { nothingSelected, prune, type Selection } from './redrive/redrive-target.ts'

/** LOADING → READY ⇄ FAILED. What was read last stays in sight while it is read anew, or where that fails. */
interface DeadLettersState extends Pick<DeadLetterList, 'causes' | 'incomplete'> {
  state: 'loading' | 'ready' | 'failed'
  problem: Problem | undefined
  /** Letters of the causes that were opened, newest first. */
  letters: ReadonlyMap<string, DeadLetterItem[]>
  open: ReadonlySet<string>
  selection: Selection
  /** What a redrive by ids is about: too many for an address. */
  chosen: readonly string[]
  /** Reads causes, and the letters of those that are open. Calls while one is under way share it. */
  load: () => Promise<void>
  /** Shows or hides the letters of a cause. */
  toggle: (cause: string) => void
  /** Fetches up to `limit` letters of a cause. */
  fetch: (cause: string, limit: number) => Promise<void>
  select: (change: (selection: Selection) => Selection) => void
  choose: (ids: readonly string[]) => void
}

let underWay: Promise<void> | undefined

export const useDeadLetters = create<DeadLettersState>()((set, get) => ({
  state: 'loading',
  problem: undefined,
  causes: [],
  incomplete: [],
  letters: new Map(),
  open: new Set(),
  selection: nothingSelected,
  chosen: [],
  load: () => {
    underWay ??= read().finally(() => {
      underWay = undefined
    })
    return underWay
  },
  toggle: (cause) => {
    const open = new Set(get().open)
    if (!open.delete(cause)) {
      open.add(cause)
      if (!get().letters.has(cause)) void get().fetch(cause, firstLetters)
    }
    set({ open })
  },
  fetch: async (cause, limit) => {
    const answer = await api.get(listPath({ cause, limit }))
    if (!answer.ok) return set({ problem: answer.problem })
    const { items } = deadLetterList.parse(answer.value)
    set(({ letters }) => ({ letters: new Map([...letters, [cause, items]]) }))
  },
  select: (change) => set(({ selection }) => ({ selection: change(selection) })),
  choose: (chosen) => set({ chosen }),
}))

/** One letter is the least that a list has: the causes are wanted. */
async function read(): Promise<void> {
  const { setState: set, getState: get } = useDeadLetters
  const answer = await api.get(listPath({ limit: 1 }))
  if (!answer.ok) return set({ state: 'failed', problem: answer.problem })
  const { causes, incomplete } = deadLetterList.parse(answer.value)
  const keys = new Set(causes.map(({ key }) => key))
  const wanted = [...get().letters].filter(([key]) => keys.has(key))
  await Promise.all(wanted.map(([key, items]) => get().fetch(key, pageFor(items.length))))
  set(({ letters, open, selection }) => {
    const standing = new Map([...letters].filter(([key]) => keys.has(key)))
    return {
      ...{ state: 'ready', problem: undefined, causes, incomplete, letters: standing },
      open: new Set([...open].filter((key) => keys.has(key))),
      selection: prune(selection, causes, standing),
    }
  })
}

/** Where all of the first page were there, others may stand behind them; a longer list stays as long as it may be. */
const pageFor = (shown: number): number => (shown > firstLetters ? deadLetterListLimit : firstLetters)

const listPath = (query: { cause?: string; limit: number }): string =>
  `/api/dead-letters?${new URLSearchParams({ ...query, limit: String(query.limit) })}`
