import type { HistoryFrame, HistorySecond } from '#contracts/api/history.ts'
import type { ChangedSequence, Changes } from './changes.ts'

/** Where a record is on disk. */
export interface Place {
  segment: number
  offset: number
}

/** A keyframe, and what the index has of it and of the time up to the next one. */
export interface Moment {
  /** Epoch milliseconds. */
  at: number
  /** UNWRITTEN while `held` has it all → WRITTEN, and `held` is gone. */
  keyframe?: Place
  second?: Place
  /** Absent if nothing changed, and if it is not written. */
  changes?: Place
  /** What the changes up to the next keyframe are about; empty if there are none, or they are not cut yet. */
  lanes: readonly ChangedSequence[]
  /** Whether a second of the charts ended with it. */
  hasChart: boolean
  /** Unsettled messages by group, where a second ended with it. */
  lag?: Record<string, number>
  held?: { frame: HistoryFrame; second: HistorySecond; changes?: Changes }
}

/** The last moment of a sorted list that is not after `t`; -1 if there is none. */
export function indexAt(moments: readonly Pick<Moment, 'at'>[], t: number): number {
  let [low, high] = [0, moments.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((moments[middle]?.at ?? 0) <= t) low = middle + 1
    else high = middle
  }
  return low - 1
}
