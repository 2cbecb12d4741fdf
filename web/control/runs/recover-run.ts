import type { Run } from '#contracts/api/run.ts'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import type { RunJournals } from './run-journals.ts'
import type { RunLab } from './run-lab.ts'
import { rollbackLines, takeBack, type Undo } from './undo.ts'

/** A run of an earlier process as far as its journal goes: it has not ended before everything of it is taken back. */
export const runTakenBack = (lines: readonly JournalLine[]): Run => ({ ...narratedRun(lines), state: 'rolling_back' })

/** Takes back what a run left that ended with an earlier process, and writes the end of its journal. Answers the whole of it. */
export async function recoverRun(
  { lab, journals, now }: { lab: RunLab; journals: RunJournals; now: () => number },
  undo: Undo,
): Promise<JournalLine[]> {
  const restored = await takeBack(lab, undo)
  const t = now() - Date.parse(undo.startedAt)
  const { lines, problem } = readJournal((await journals.text(undo.id)) ?? '')
  if (lines.length === 0 || problem === undefined) return lines
  const reason = 'the control plane ended during the run; its faults were healed when it came back'
  const last: JournalLine[] = [
    { kind: 'cut', t, why: 'lab_ended', reason },
    ...rollbackLines(restored, t),
    { kind: 'end', t, at: new Date(now()).toISOString() },
  ]
  journals.append(undo.id, last)
  return [...lines, ...last]
}
