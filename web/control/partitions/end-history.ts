interface Sample {
  at: number
  end: number
}

/** Samples that are remembered of one partition: ten minutes at one a second. */
const kept = 600

/**
 * When the end of a partition passed an offset. Lag in time is read off it: the oldest message behind has been there since the end
 * passed its offset, which needs no clock but ours and no message read. The sample before and the sample after are joined by a line.
 */
export class EndHistory {
  readonly #samples: Sample[] = []

  add(at: number, end: number): void {
    const last = this.#samples.at(-1)
    // A topic that was deleted and made again begins again.
    if (last && end < last.end) this.#samples.length = 0
    const before = this.#samples.at(-2)
    // While nothing comes, the last sample moves along with the time, and the one before it holds the moment of the last change.
    if (last && before && last.end === end && before.end === end) last.at = at
    else this.#samples.push({ at, end })
    if (this.#samples.length > kept) this.#samples.shift()
  }

  /** Epoch milliseconds when the end passed `offset`; `isAtMost` where that was before all that is remembered. */
  passedAt(offset: number): { at: number; isAtMost: boolean } | undefined {
    const index = this.#samples.findIndex(({ end }) => end > offset)
    const after = this.#samples[index]
    if (!after) return undefined
    const before = this.#samples[index - 1]
    if (!before) return { at: after.at, isAtMost: true }
    const share = (offset - before.end + 1) / (after.end - before.end)
    return { at: before.at + share * (after.at - before.at), isAtMost: false }
  }
}
