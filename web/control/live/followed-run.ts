import { type LiveFrame, runLinesPerFrame } from '#contracts/api/live.ts'
import type { RunUnderWay } from '#contracts/api/run.ts'

/** Runs as far as viewers follow them. */
export interface LiveRuns {
  underWay(): RunUnderWay | null
  /** Lines of a journal as far as it is written; undefined if it is not in memory: its run has ended, and the API has it. */
  lines(id: string): readonly object[] | undefined
}

/** One viewer's place in the journal of a run. Every line is sent once, in order, a bounded number at a time. */
export class FollowedRun {
  readonly id: string
  #after: number

  /** `after`: lines that the viewer has already. */
  constructor({ id, after }: { id: string; after: number }) {
    this.id = id
    this.#after = after
  }

  /** The next lines; undefined if there are none. */
  take(runs: LiveRuns): LiveFrame['run'] {
    const lines = runs.lines(this.id)?.slice(this.#after, this.#after + runLinesPerFrame) ?? []
    if (lines.length === 0) return undefined
    const from = this.#after
    this.#after += lines.length
    return { id: this.id, from, lines: lines.map((line) => JSON.stringify(line)) }
  }
}
