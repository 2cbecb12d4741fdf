'use client'

import { z } from 'zod'
import { create } from 'zustand'
import type { EventTypeDraft } from './event-type-draft.ts'

/** Key of the draft of a type that does not exist yet; it is not a possible name, so it is free in the address too. */
export const newType = 'new-type'

const draft = z.object({
  of: z.string().optional(),
  name: z.string(),
  topic: z.string(),
  schema: z.string(),
  example: z.string(),
  keyField: z.string(),
  mailed: z.boolean(),
  subject: z.string(),
  body: z.string(),
  consumers: z.array(z.string()),
})

interface DraftState {
  /** Edits that are not saved, by type name or `newType`. */
  drafts: Record<string, EventTypeDraft>
  set: (key: string, draft: EventTypeDraft) => void
  drop: (key: string) => void
  restore: () => void
}

const storageKey = 'faultline.event-type-drafts'

/** Drafts outlive navigation and a reload of the tab, until they are saved or discarded. */
export const useDrafts = create<DraftState>()((set, get) => {
  const keep = (drafts: Record<string, EventTypeDraft>): void => {
    set({ drafts })
    window.sessionStorage.setItem(storageKey, JSON.stringify(drafts))
  }
  return {
    drafts: {},
    set: (key, next) => keep({ ...get().drafts, [key]: next }),
    drop: (key) => {
      const { [key]: _, ...rest } = get().drafts
      keep(rest)
    },
    restore: () => {
      const text = window.sessionStorage.getItem(storageKey)
      const read = z.record(z.string(), draft).safeParse(text === null ? {} : parsed(text))
      if (read.success) set({ drafts: { ...read.data, ...get().drafts } })
    },
  }
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
