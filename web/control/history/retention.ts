import type { HistoryFiles } from './history-files.ts'
import type { HistoryIndex } from './history-index.ts'

/** A time whose moments stay longer, epoch milliseconds. */
export interface Pinned {
  from: number
  to: number
}

export interface RetentionLimits {
  /** Moments are kept so long. */
  seconds: number
  /** Bytes on disk at most, pinned ones too. */
  maxBytes: number
}

/**
 * Removes what is older than the limit and in no pinned time; then, while there are more bytes than allowed, the oldest. Whole segments
 * go, the one that is written to never.
 */
export function forgetOld(
  { files, index }: { files: HistoryFiles; index: HistoryIndex },
  { seconds, maxBytes }: RetentionLimits,
  { now, pinned }: { now: number; pinned: readonly Pinned[] },
): void {
  const spans = spansOf(index)
  const limit = now - seconds * 1_000
  const kept = files.segments().filter((segment) => {
    const span = spans.get(segment)
    if (!span) return false
    return span.to >= limit || pinned.some(({ from, to }) => span.from <= to && span.to >= from)
  })
  remove(files, index, kept)
  while (files.bytes > maxBytes && kept.length > 1) {
    kept.shift()
    remove(files, index, kept)
  }
}

function remove(files: HistoryFiles, index: HistoryIndex, kept: readonly number[]): void {
  files.removeAllBut(new Set(kept))
  index.keepOnly(new Set(files.segments()))
}

/** First and last moment of each segment. */
function spansOf({ moments }: HistoryIndex): Map<number, Pinned> {
  const spans = new Map<number, Pinned>()
  for (const { at, keyframe } of moments) {
    if (!keyframe) continue
    const span = spans.get(keyframe.segment)
    if (span) span.to = Math.max(span.to, at)
    else spans.set(keyframe.segment, { from: at, to: at })
  }
  return spans
}
