'use client'

import { create } from 'zustand'
import type { Problem } from '#contracts/errors.ts'
import { serverState } from '#web/live/server-state.ts'
import { labApi, type PlanLine } from './lab-api.ts'
import { type DeclaredLab, labKey } from './lab-query.ts'

/**
 * The draft of the lab, one for the form and the file.
 * NONE → CLEAN (as the lab is) → CHECKING → PLANNED | WRONG | CONFLICT; PLANNED → APPLYING → CLEAN. Every edit leads to CHECKING.
 * CONFLICT: somebody else has changed the lab since the draft was begun.
 */
export type DraftState = 'none' | 'clean' | 'checking' | 'planned' | 'wrong' | 'conflict' | 'applying'

interface LabDraft {
  state: DraftState
  /** The lab that the draft was begun from. */
  base: DeclaredLab | undefined
  text: string
  /** The last plan; of the text before, while the next is made. */
  plan: PlanLine[]
  /** When the plan was made, epoch milliseconds. */
  checkedAt: number | undefined
  problem: Problem | undefined
  /** Texts to go back to and on to, the nearest last. */
  past: string[]
  future: string[]
  /** What was applied last, in words. */
  applied: string | undefined
  begin: (lab: DeclaredLab) => void
  edit: (text: string) => void
  /** Begins again from the lab as it is; `keep`: with the text of the draft. */
  rebase: (lab: DeclaredLab, keep: boolean) => void
  undo: () => void
  redo: () => void
  apply: () => Promise<void>
  discard: () => void
}

/** What a reader rests after typing before the draft is checked, in milliseconds. */
const restMs = 350

/** Edits that follow each other within this are one, and edits that are kept. */
const togetherMs = 700
const mostPast = 100

const fresh: Pick<LabDraft, 'plan' | 'checkedAt' | 'problem'> = { plan: [], checkedAt: undefined, problem: undefined }

export const useLabDraft = create<LabDraft>()((set, get) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const check = async (): Promise<void> => {
    const { base, text } = get()
    if (!base) return
    const said = await labApi.plan({ yaml: text, revision: base.revision })
    // Another edit may have come meanwhile: its answer counts, this one does not.
    if (get().text !== text || get().base !== base) return
    if (said.ok) set({ state: 'planned', plan: said.plan, checkedAt: Date.now(), problem: undefined })
    else set({ state: said.problem.status === 409 ? 'conflict' : 'wrong', problem: said.problem })
  }
  /** Puts a text in place of the draft and has it checked once it rests. */
  const show = (text: string): void => {
    clearTimeout(timer)
    const { base } = get()
    if (text === base?.yaml) {
      set({ text, state: 'clean', ...fresh })
      return
    }
    set({ text, state: 'checking', applied: undefined })
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
    ...{ state: 'none', base: undefined, text: '', past: [], future: [], applied: undefined },
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
    apply: async () => {
      const { base, text, state } = get()
      if (!base || state !== 'planned') return
      set({ state: 'applying' })
      const said = await labApi.apply({ yaml: text, revision: base.revision })
      if (!said.ok) return set({ state: said.problem.status === 409 ? 'conflict' : 'wrong', problem: said.problem })
      const changes = said.plan.filter(({ mark }) => mark !== '=').length
      set({ base: undefined, state: 'none', ...fresh, applied: changes === 1 ? '1 change' : `${changes} changes` })
      await serverState.invalidateQueries({ queryKey: labKey })
    },
    discard: () => edit(get().base?.yaml ?? ''),
  }
})

/** Whether the draft differs from the lab that it was begun from. */
export const isEdited = ({ base, text }: Pick<LabDraft, 'base' | 'text'>): boolean =>
  base !== undefined && text !== base.yaml
