'use client'

import { z } from 'zod'
import { create } from 'zustand'
import { type Redrive, redrive } from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { useDeadLetters } from '../dead-letters-store.ts'
import type { RedriveTarget } from './redrive-target.ts'
import { isRunning } from './redrive-words.ts'

/** What is asked for besides the target; blank: not. */
export interface RedriveOptions {
  payload?: unknown
  canary?: number
  ratePerSecond?: number
}

interface RedrivesState {
  /** The last 20, newest first. */
  runs: Redrive[]
  /** Why they could not be read, or one could not be stopped. */
  problem: Problem | undefined
  load: () => Promise<void>
  /** Begins one; the problem where it is refused. */
  start: (target: RedriveTarget, options: RedriveOptions) => Promise<Redrive | Problem>
  stop: (id: string) => Promise<void>
}

const list = z.object({ items: z.array(redrive) })
/** Between two looks at one that runs, in milliseconds. */
const everyMs = 500
let timer: ReturnType<typeof setTimeout> | undefined

/** Redrives as the control plane has them; followed as long as one runs. */
export const useRedrives = create<RedrivesState>()((set, get) => ({
  runs: [],
  problem: undefined,
  load: async () => {
    const answer = await api.get('/api/dead-letters/redrives')
    if (!answer.ok) return set({ problem: answer.problem })
    const ran = get().runs.some(isRunning)
    const { items: runs } = list.parse(answer.value)
    set({ runs, problem: undefined })
    clearTimeout(timer)
    if (runs.some(isRunning)) timer = setTimeout(() => void get().load(), everyMs)
    else if (ran) void useDeadLetters.getState().load()
  },
  start: async (target, options) => {
    const answer = await ask(target, options, false)
    if ('redrive' in answer) {
      set(({ runs }) => ({ runs: [answer.redrive, ...runs] }))
      clearTimeout(timer)
      timer = setTimeout(() => void get().load(), everyMs)
      return answer.redrive
    }
    return answer.problem
  },
  stop: async (id) => {
    const answer = await api.delete(`/api/dead-letters/redrives/${encodeURIComponent(id)}`)
    if (!answer.ok) set({ problem: answer.problem })
    await get().load()
  },
}))

/** Says what a redrive would do, and does nothing. */
export const dryRun = (
  target: RedriveTarget,
  options: RedriveOptions,
): Promise<{ redrive: Redrive } | { problem: Problem }> => ask(target, options, true)

async function ask(
  target: RedriveTarget,
  options: RedriveOptions,
  dry: boolean,
): Promise<{ redrive: Redrive } | { problem: Problem }> {
  const answer = await api.post('/api/dead-letters/redrive', { ...target, ...options, dryRun: dry })
  return answer.ok ? { redrive: redrive.parse(answer.value) } : { problem: answer.problem }
}
