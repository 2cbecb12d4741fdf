import type { Run } from '../api/run.ts'
import type { JournalLine } from '../scenario-run/journal-line.ts'
import { runOf } from '../scenario-run/run-of.ts'
import { narrate } from './narrate.ts'

/** A run as its journal records it, with its narration. The options are those of `runOf`. */
export const narratedRun = (lines: readonly JournalLine[], given: Parameters<typeof runOf>[1] = {}): Run => ({
  ...runOf(lines, given),
  narration: narrate(lines),
})
