'use client'
import type { Snapshot } from '#contracts/api/live.ts'
import { emptyLab, takeSnapshot } from './lab-state.ts'
import { type Replay, useLive } from './live-store.ts'
import type { Patch } from './url-state.ts'

/** Why nothing can be changed while a moment of the past is shown, for a person. */
export const heldReason = 'The lab is shown as it was. Go back to now to change it.'

/** Whether the screen shows a moment of the past. */
export const useIsReplayed = (): boolean => useLive((live) => live.replay !== undefined)

/** The moment that is shown, epoch milliseconds; undefined: it is now. */
export const useReplayedAt = (): number | undefined => useLive((live) => live.replay?.at)

/** What an address needs to show a moment: epoch milliseconds or RFC 3339, and the run whose time it is part of. */
export const replayPatch = (at: number | string, run?: string): Patch => ({
  at: typeof at === 'number' ? String(Math.round(at)) : at,
  run,
})

/** Everything on the screen is from this moment on. */
export function showMoment(snapshot: Snapshot, replay: Replay): void {
  useLive.setState((live) => ({
    ...takeSnapshot(
      { ...live, tail: emptyLab.tail, rows: {}, message: undefined, logs: undefined },
      snapshot,
      Date.now(),
    ),
    replay,
  }))
}

/** The screen is of now again: the socket asks for everything. */
export function endReplay(): void {
  if (useLive.getState().replay) useLive.setState({ replay: undefined, tail: emptyLab.tail, rows: {}, logs: undefined })
}
