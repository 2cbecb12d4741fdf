'use client'

import { create } from 'zustand'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Problem } from '#contracts/errors.ts'
import { type ChosenLetters, nothingSelected } from './redrive/redrive-target.ts'

/** What the reader has opened and ticked in the list of dead letters; what no longer is among them leaves it by itself. */
interface DeadLettersState {
  /** Why letters of a cause could not be read; until the list is read again. */
  problem: Problem | undefined
  /** Further looks into the queues of one broker than the first, which takes the oldest letters of each group. */
  further: { looks: number; broker: BrokerName | undefined }
  /** Causes whose letters are shown. */
  open: ReadonlySet<string>
  selection: ChosenLetters
  /** What a redrive by ids is about: too many for an address. */
  chosen: readonly string[]
  toggle: (cause: string) => void
  select: (change: (selection: ChosenLetters) => ChosenLetters) => void
  choose: (ids: readonly string[]) => void
}

export const useDeadLetters = create<DeadLettersState>()((set) => ({
  problem: undefined,
  further: { looks: 0, broker: undefined },
  open: new Set(),
  selection: nothingSelected,
  chosen: [],
  toggle: (cause) =>
    set((dead) => {
      const open = new Set(dead.open)
      if (!open.delete(cause)) open.add(cause)
      return { open }
    }),
  select: (change) => set(({ selection }) => ({ selection: change(selection) })),
  choose: (chosen) => set({ chosen }),
}))
