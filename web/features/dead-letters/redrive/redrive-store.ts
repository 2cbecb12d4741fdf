'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { type Redrive, redrive } from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { type Answer, api } from '#web/http/api.ts'
import { read, serverState } from '#web/http/server-state.ts'
import { reloadDeadLetters } from '../dead-letters-query.ts'
import type { RedriveTarget } from './redrive-target.ts'
import { isRedriveRunning } from './redrive-words.ts'

/** What is asked for besides the target; blank: not. */
export interface RedriveOptions {
  payload?: unknown
  change?: Record<string, unknown>
  canary?: number
  ratePerSecond?: number
}

interface Redrives {
  /** The last 20, newest first. */
  runs: Redrive[]
  /** Why they could not be read. */
  problem: Problem | undefined
}

const list = z.object({ items: z.array(redrive) })
/** Between two looks at one that runs, in milliseconds. */
const everyMs = 500
const queryKey = ['redrives']
const none: Redrive[] = []

/** Redrives as the control plane has them; followed as long as one runs. */
export function useRedrives(): Redrives {
  const { data, error } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const { items } = await read('/api/dead-letters/redrives', list, signal)
      const before = serverState.getQueryData<Redrive[]>(queryKey) ?? none
      if (before.some(isRedriveRunning) && !items.some(isRedriveRunning)) void reloadDeadLetters()
      return items
    },
    refetchInterval: ({ state }) => (state.data?.some(isRedriveRunning) ? everyMs : false),
  })
  return { runs: data ?? none, problem: error ?? undefined }
}

/** Asks for one; it is listed at once if the server accepts it. */
export async function startRedrive(target: RedriveTarget, options: RedriveOptions): Promise<Answer> {
  const answer = await ask(target, options, false)
  if (answer.ok) {
    const begun = redrive.parse(answer.value)
    serverState.setQueryData<Redrive[]>(queryKey, (runs = none) => [begun, ...runs])
  }
  return answer
}

/** Stops one that runs; the problem where that is refused. */
export async function stopRedrive(id: string): Promise<Problem | undefined> {
  const answer = await api.delete(`/api/dead-letters/redrives/${encodeURIComponent(id)}`)
  await serverState.invalidateQueries({ queryKey })
  return answer.ok ? undefined : answer.problem
}

/** Says what a redrive would do, and does nothing. */
export async function dryRun(
  target: RedriveTarget,
  options: RedriveOptions,
): Promise<{ redrive: Redrive } | { problem: Problem }> {
  const answer = await ask(target, options, true)
  return answer.ok ? { redrive: redrive.parse(answer.value) } : { problem: answer.problem }
}

const ask = (target: RedriveTarget, options: RedriveOptions, dry: boolean): Promise<Answer> =>
  api.post('/api/dead-letters/redrive', { ...target, ...options, dryRun: dry })
