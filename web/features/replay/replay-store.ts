'use client'
import { create } from 'zustand'
import { type HistoryGap, historyMoment } from '#contracts/api/history.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/http/api.ts'
import { understood } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'
import { endReplay, replayPatch, showMoment } from '#web/live/replay.ts'
import { setParams } from '#web/live/url-state.ts'
import type { ReplayClause } from './clauses.ts'

export const speeds = [1, 2, 4, 8, 16] as const
export type Speed = (typeof speeds)[number]

/**
 * CLOSED (`t` undefined) → STANDING ⇄ PLAYING. The playhead is at `t` at once; what the screen shows follows when the moment was read:
 * one at a time, and always the latest that was asked for.
 */
interface ReplayState {
  /** Of the playhead, epoch milliseconds. */
  t: number | undefined
  /** Index of the clause that the reader went to last, which distinguishes those of one moment. */
  chosen: number | undefined
  playing: boolean
  speed: Speed
  /** What is shown is the last moment before this gap. */
  gap: HistoryGap | undefined
  /** Why the moment cannot be shown. */
  problem: Problem | undefined
  /** What the ledger bar says of a moment; set by who knows the run. */
  wordsOf: (t: number) => string
  /** Shows the moment. */
  seek: (t: number) => void
  play: (playing: boolean) => void
  setSpeed: (speed: Speed) => void
  /** Back to now. */
  close: () => void
}

export const useReplay = create<ReplayState>()((set, get) => ({
  t: undefined,
  chosen: undefined,
  playing: false,
  speed: 1,
  gap: undefined,
  problem: undefined,
  wordsOf: () => '',
  seek: (t) => {
    wanted = t
    set({ t })
    void follow()
  },
  play: (playing) => {
    set({ playing })
    keepPace()
    // The playhead has gone on since the screen last followed it.
    const { t, seek } = get()
    if (!playing && t !== undefined && t !== wanted) seek(t)
  },
  setSpeed: (speed) => {
    set({ speed })
    keepPace()
  },
  close: () => {
    if (get().t === undefined) return
    wanted = undefined
    set({ t: undefined, chosen: undefined, playing: false, gap: undefined, problem: undefined })
    endReplay()
  },
}))

/** Writes the moment into the address, so that the link shows it. */
export function keepInAddress(): void {
  const { t } = useReplay.getState()
  if (t === undefined) return
  const { at } = replayPatch(t)
  setParams({ at }, { replace: true })
}

/** Shows the moment of a clause, and marks that one of those at its moment. */
export function goToClause(clauses: readonly ReplayClause[], index: number): void {
  const clause = clauses[index]
  if (!clause) return
  useReplay.setState({ chosen: index })
  useReplay.getState().seek(clause.shownAt)
  keepInAddress()
}

/** Leaves the replay; the address follows. */
export function backToNow(): void {
  setParams({ at: undefined, run: undefined, tab: undefined, panel: undefined })
  useReplay.getState().close()
}

/** The moment that was asked for last. The playhead goes on from it while it plays, and what is shown does not follow each of its steps. */
let wanted: number | undefined
let isReading = false

/** Reads the moment that is wanted until it is the one that was read. */
async function follow(): Promise<void> {
  if (isReading) return
  isReading = true
  try {
    for (let read: number | undefined; ; ) {
      if (wanted === undefined || wanted === read) return
      read = wanted
      await show(read)
    }
  } finally {
    isReading = false
  }
}

async function show(t: number): Promise<void> {
  const answer = await api.get(`/api/history/at?t=${Math.round(t)}`)
  const { t: now, playing, speed, wordsOf } = useReplay.getState()
  // It was closed meanwhile.
  if (now === undefined) return
  if (!answer.ok) return useReplay.setState({ problem: answer.problem, playing: false })
  const { snapshot, gap } = understood(answer.value, historyMoment)
  showMoment(snapshot, { at: t, pace: playing ? speed : 0, words: wordsOf(t) })
  useReplay.setState({ gap, problem: undefined })
}

/** Particles go at the speed of the playhead. */
function keepPace(): void {
  const { playing, speed } = useReplay.getState()
  useLive.setState(({ replay }) => (replay ? { replay: { ...replay, pace: playing ? speed : 0 } } : {}))
}
