import type { Run } from '../api/run.ts'
import type { JournalLine, RunLine } from './journal-line.ts'
import { readJournal } from './read-journal.ts'
import { runOf } from './run-of.ts'

/** A run with the journal that it was read from. */
export interface RecordedRun {
  run: Run
  /** All lines, that of the run first. */
  lines: readonly JournalLine[]
  first: RunLine
}

/** A run from its lines, or `undefined` where the first is not that of a run. `problem`: why the journal is not whole. */
export function recordedRun(lines: readonly JournalLine[], problem?: string): RecordedRun | undefined {
  const [first] = lines
  if (first?.kind !== 'run') return undefined
  return { run: runOf(lines, problem === undefined ? {} : { problem }), lines, first }
}

/** A run from the text of a journal; else what is wrong with the text. */
export function readRecordedRun(text: string): { recorded?: RecordedRun; problem?: string } {
  const { lines, problem } = readJournal(text)
  const recorded = recordedRun(lines, problem)
  return { ...(recorded ? { recorded } : {}), ...(problem === undefined ? {} : { problem }) }
}
