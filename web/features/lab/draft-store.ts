'use client'

import { create } from 'zustand'
import { isStuck, type LabObstacle, type LabPlan, type LabView } from '#contracts/api/lab.ts'
import type { Problem } from '#contracts/errors.ts'
import { serverState } from '#web/http/server-state.ts'
import { labApi } from './lab-api.ts'
import { labKey } from './lab-query.ts'

/**
 * The draft of the lab, one for the form and the file.
 * NONE → CLEAN (as the lab is) → CHECKING → PLANNED | WRONG | CONFLICT; PLANNED → APPLYING → CLEAN, or CHECKING
 * where services hold messages that they do not settle. Every edit leads to CHECKING.
 * CONFLICT: somebody else has changed the lab since the draft was begun.
 */
export type DraftState = 'none' | 'clean' | 'checking' | 'planned' | 'wrong' | 'conflict' | 'applying'

/** A service of the draft as far as the graph draws it. */
export interface DrawnService {
  name: string
  receives: string[]
  sends: string[]
  /** What runs it, in words. */
  runs: string
}

interface LabDraft {
  state: DraftState
  /** The lab that the draft was begun from. */
  base: LabView | undefined
  text: string
  /** The last plan; of the text before, while the next is made. */
  plan: LabPlan | undefined
  /** The services of the draft, while it is open and differs from the lab. */
  drawn: DrawnService[] | undefined
  /** When the plan was made, epoch milliseconds. */
  checkedAt: number | undefined
  problem: Problem | undefined
  /** The lab has waited for what services hold, and it was not settled. */
  unsettled: boolean
  /** Texts to go back to and on to, the nearest last. */
  past: string[]
  future: string[]
  /** What was applied last. */
  applied: LabPlan | undefined
  begin: (lab: LabView) => void
  edit: (text: string) => void
  /** Begins again from the lab as it is; `keep`: with the text of the draft. */
  rebase: (lab: LabView, keep: boolean) => void
  undo: () => void
  redo: () => void
  /** `force`: also where services go that have messages which are not settled. */
  apply: (force?: boolean) => Promise<void>
  discard: () => void
}

/** A draft of a lab that has changed since is another thing than one that is wrong. */
const stateOf = ({ code }: Problem): DraftState => (code === 'lab_changed' ? 'conflict' : 'wrong')

/** What a reader rests after typing before the draft is checked, in milliseconds. */
const restMs = 350

/** Edits that follow each other within this are one, and edits that are kept. */
const togetherMs = 700
const mostPast = 100

const fresh: Pick<LabDraft, 'plan' | 'checkedAt' | 'problem' | 'unsettled'> = {
  unsettled: false,
  plan: undefined,
  checkedAt: undefined,
  problem: undefined,
}

export const useLabDraft = create<LabDraft>()((set, get) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const check = async (): Promise<void> => {
    const { base, text } = get()
    if (!base) return
    const said = await labApi.plan({ yaml: text, revision: base.revision })
    // Another edit may have come meanwhile: its answer counts, this one does not.
    if (get().text !== text || get().base !== base) return
    if (said.ok) set({ state: 'planned', plan: said.value, checkedAt: Date.now(), problem: undefined })
    else set({ state: stateOf(said.problem), problem: said.problem })
  }
  /** Puts a text in place of the draft and has it checked once it rests. */
  const show = (text: string): void => {
    clearTimeout(timer)
    const { base } = get()
    if (text === base?.yaml) {
      set({ text, state: 'clean', ...fresh })
      return
    }
    set({ text, state: 'checking', applied: undefined, unsettled: false })
    timer = setTimeout(() => void check(), restMs)
  }
  let editedAt = 0
  const edit = (text: string): void => {
    const { text: before, past } = get()
    if (text === before) return
    // What is typed in one go is undone in one go.
    const together = Date.now() - editedAt < togetherMs && past.length > 0
    editedAt = Date.now()
    set({ past: together ? past : [...past, before].slice(-mostPast), future: [] })
    show(text)
  }
  return {
    ...{ state: 'none', base: undefined, text: '', past: [], future: [], applied: undefined, drawn: undefined },
    ...fresh,
    begin: (lab) => {
      const { base, text } = get()
      // A draft that differs is kept until it is applied or discarded.
      if (base && text !== base.yaml) return
      if (base?.revision === lab.revision && base.yaml === lab.yaml) return
      set({ base: lab, text: lab.yaml, state: 'clean', past: [], future: [], ...fresh })
    },
    edit,
    rebase: (lab, keep) => {
      set({ base: lab, problem: undefined })
      show(keep ? get().text : lab.yaml)
    },
    undo: () => {
      const { past, text, future } = get()
      const last = past.at(-1)
      if (last === undefined) return
      set({ past: past.slice(0, -1), future: [...future, text] })
      show(last)
    },
    redo: () => {
      const { past, text, future } = get()
      const next = future.at(-1)
      if (next === undefined) return
      set({ past: [...past, text], future: future.slice(0, -1) })
      show(next)
    },
    apply: async (force = false) => {
      const { base, text, state } = get()
      if (!base || state !== 'planned') return
      set({ state: 'applying' })
      const said = await labApi.apply({ yaml: text, revision: base.revision }, force)
      if (!said.ok && said.problem.code === 'service_in_use') {
        set({ state: 'checking', unsettled: true })
        return check()
      }
      if (!said.ok) return set({ state: stateOf(said.problem), problem: said.problem })
      set({ base: undefined, state: 'none', ...fresh, applied: said.value })
      await serverState.invalidateQueries({ queryKey: labKey })
    },
    discard: () => edit(get().base?.yaml ?? ''),
  }
})

/** Whether the draft differs from the lab that it was begun from. */
export const isEdited = ({ base, text }: Pick<LabDraft, 'base' | 'text'>): boolean =>
  base !== undefined && text !== base.yaml

/** What keeps the draft from being applied: not what is only on its way, until the lab has waited for it. */
export const blocking = ({ plan, unsettled }: Pick<LabDraft, 'plan' | 'unsettled'>): LabObstacle[] =>
  (plan?.obstacles ?? []).filter((obstacle) => unsettled || isStuck(obstacle))
