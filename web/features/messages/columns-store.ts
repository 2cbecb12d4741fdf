'use client'

import { create } from 'zustand'
import { isOptional, type OptionalColumn } from './message-columns.ts'

/** Columns of the list that this reader does not want; remembered in this browser. */
interface HiddenColumns {
  hidden: ReadonlySet<OptionalColumn>
  /** Reads what was remembered; the server knows nothing of it. */
  load: () => void
  toggle: (name: OptionalColumn) => void
}

const key = 'faultline.hidden-columns'

export const useHiddenColumns = create<HiddenColumns>()((set, get) => ({
  hidden: new Set(),
  load: () => set({ hidden: new Set((window.localStorage.getItem(key) ?? '').split(',').filter(isOptional)) }),
  toggle: (name) => {
    const hidden = new Set(get().hidden)
    if (!hidden.delete(name)) hidden.add(name)
    window.localStorage.setItem(key, [...hidden].join())
    set({ hidden })
  },
}))
