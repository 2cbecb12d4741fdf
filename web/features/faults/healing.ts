'use client'
import { z } from 'zod'
import { create } from 'zustand'
import type { Problem } from '#contracts/errors.ts'
import { type Fault, fault } from '#contracts/faults/fault.ts'
import { api } from '#web/http/api.ts'
import { faultName, isOver } from './fault-words.ts'

/** IDLE ⇄ HEALING, of all faults. `left` is what could not be healed, until it is put away or the next healing begins. */
interface HealingState {
  healing: boolean
  left: string | undefined
  healAll: () => Promise<void>
  putAway: () => void
}

const list = z.object({ items: z.array(fault) })

export const useHealing = create<HealingState>()((set, get) => ({
  healing: false,
  left: undefined,
  healAll: async () => {
    if (get().healing) return
    set({ healing: true, left: undefined })
    const answer = await api.delete('/api/faults')
    const left = answer.ok ? leftWords(list.parse(answer.value).items) : problemWords(answer.problem)
    set({ healing: false, left })
  },
  putAway: () => set({ left: undefined }),
}))

/** What of the faults that were to be healed is still in effect, in words; undefined: nothing. */
export function leftWords(faults: readonly Fault[]): string | undefined {
  const left = faults.filter((one) => !isOver(one))
  if (left.length === 0) return undefined
  const each = left.slice(0, 3).map((one) => `${faultName(one)}${one.reason === undefined ? '' : ` ${one.reason}`}`)
  const more = left.length > 3 ? [`and ${left.length - 3} more`] : []
  return `${faults.length - left.length} of ${faults.length} are healed. Still healing: ${[...each, ...more].join('; ')}.`
}

const problemWords = ({ title, detail }: Problem): string => `${title}: ${detail}`

/** Heals one fault; answers with the problem where it could not be asked for. */
export async function healFault(id: string): Promise<Problem | undefined> {
  const answer = await api.delete(`/api/faults/${encodeURIComponent(id)}`)
  return answer.ok ? undefined : answer.problem
}
