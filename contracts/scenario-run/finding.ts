import type { JournalLine } from './journal-line.ts'
import type { RecordedRun } from './recorded-run.ts'

export type ComparedSide = 'a' | 'b'

/** A line of one of the two journals that says it. */
export interface FindingEvidence {
  side: ComparedSide
  /** From 1. */
  line: number
  /** Milliseconds into the run. */
  at: number
  kind: JournalLine['kind']
  /** What is there, in a few words. */
  text: string
}

/** One thing that differs, with what the records say of its cause. Every finding has evidence. */
export interface Finding {
  claim: string
  detail: string
  /** Names of the figures that it explains. */
  figures: string[]
  evidence: FindingEvidence[]
}

/** Two runs to compare. */
export interface Pair {
  a: RecordedRun
  b: RecordedRun
}

/** Differences below this share of the greater one are the noise of two runs. */
const leastShare = 0.1
export const leastMs = 5
export const leastDrainMs = 500
export const leastMessages = 5

/** `A`, as people read it. */
export const letter = (side: ComparedSide): string => side.toUpperCase()
export const sides: readonly ComparedSide[] = ['a', 'b']

/** The last line that is of some kind, as evidence; nothing if there is none. */
export function lastLineOf(
  side: ComparedSide,
  { lines }: RecordedRun,
  is: (line: JournalLine) => boolean,
  text: (line: JournalLine) => string,
): FindingEvidence[] {
  const index = lines.findLastIndex(is)
  const line = lines[index]
  return line ? [{ side, line: index + 1, at: line.t, kind: line.kind, text: text(line) }] : []
}

/** Whether two figures are further apart than two runs of the same are, and at least `least`. */
export const differs = (a: number, b: number, least: number): boolean =>
  Math.abs(a - b) >= least && Math.abs(a - b) > leastShare * Math.max(a, b)
