import { type JournalLine, journalLine } from './journal-line.ts'

/** Lines of a journal, and what is wrong with it. */
export interface ReadJournal {
  lines: JournalLine[]
  /** Where it was cut off or damaged, for a person; undefined: it is whole. */
  problem?: string
}

/** Reads a journal up to the first line that cannot be read. */
export function readJournal(text: string): ReadJournal {
  const lines: JournalLine[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue
    const parsed = journalLine.safeParse(parsedJson(line))
    if (!parsed.success)
      return { lines, problem: `line ${index + 1} cannot be read; what is after it was not looked at` }
    lines.push(parsed.data)
  }
  if (lines[0]?.kind !== 'run') return { lines: [], problem: 'the first line is not that of a run' }
  const last = lines.at(-1)
  if (last?.kind === 'end') return { lines }
  return {
    lines,
    problem: `it ends ${Math.round(last?.t ?? 0)} ms into the run, before the end of the run`,
  }
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
