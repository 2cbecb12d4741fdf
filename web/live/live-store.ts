'use client'
import { create } from 'zustand'
import type { Watch } from '#contracts/api/live.ts'
import { emptyLab, type LabState } from './lab-state.ts'

/**
 * connecting → live ⇄ lost. `lost`: the server was there and does not answer now; what is shown is old. The socket
 * tries again by itself and a snapshot makes everything new.
 */
export type Connection = 'connecting' | 'live' | 'lost'

/** A moment of the past that is in the place of what the socket brings. */
export interface Replay {
  /** Epoch milliseconds. */
  at: number
  /** Seconds of the lab that pass in one; 0: it is paused. */
  pace: number
  /** Which moment it is, beside the word *Ledger*: `at 12.4 s of 41.0 s`. */
  words: string
}

export interface LiveState extends LabState {
  /** Undefined: what is shown is of now. */
  replay: Replay | undefined
  connection: Connection
  /** Why the server refuses this browser (a token is needed), for a person. */
  refused: string | undefined
  watching: Watch
  clearTail: () => void
}

const watchNothing: Watch = { tail: null, rows: [], message: null, logs: null, run: null }

/** Everything live. Take narrow slices: `useLive((live) => live.nodes[id]?.ratePerSecond)`. */
export const useLive = create<LiveState>()((set) => ({
  ...emptyLab,
  replay: undefined,
  connection: 'connecting',
  refused: undefined,
  watching: watchNothing,
  clearTail: () => set({ tail: emptyLab.tail }),
}))

/** Says what this viewer looks at; what is not named stays as it is. The server sends nothing else. */
export function watchLive(patch: Partial<Watch>): void {
  const before = useLive.getState().watching
  const watching = { ...before, ...patch }
  if (JSON.stringify(before) === JSON.stringify(watching)) return
  const shown = new Set(watching.rows)
  useLive.setState((live) => ({
    watching,
    ...(watching.message === before.message ? {} : { message: undefined }),
    ...(watching.logs === before.logs ? {} : { logs: undefined }),
    ...(watching.run?.id === before.run?.id ? {} : { run: undefined }),
    rows:
      watching.rows === before.rows
        ? live.rows
        : Object.fromEntries(Object.entries(live.rows).filter(([id]) => shown.has(id))),
  }))
}
