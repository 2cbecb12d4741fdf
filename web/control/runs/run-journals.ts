import { appendFileSync, mkdirSync } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { keptJournalBytes, keptRuns, type Run } from '#contracts/api/run.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { runOf } from '#contracts/scenario-run/run-of.ts'

/** The journal of a run that is under way. */
export interface RunJournal {
  lines: readonly JournalLine[]
  /**
   * In memory at once; on disk before it returns. After the first line that the disk does not take none is written there: a journal
   * that is cut off is seen to be, one with a hole is not. A note in memory says so.
   */
  add(line: JournalLine): void
}

/** Journals of runs in the data folder, one file of JSON lines each. */
export interface RunJournals {
  create(id: string): RunJournal
  /** The text of one; undefined if there is none. */
  text(id: string): Promise<string | undefined>
  /** Every run that ended, or whose end was never written, newest first. */
  load(): Promise<Run[]>
  /** Removes the oldest if they are too many, or too many bytes; the newest stays whatever its size. Resolves with their ids. */
  prune(): Promise<string[]>
  /** Adds lines to one whose run ended with the process. Answers whether the disk took them. */
  append(id: string, lines: readonly JournalLine[]): boolean
}

const idPattern = /^r-[0-9a-z-]{1,60}$/

/** `most`: how much is kept; for tests. */
export function openRunJournals(
  folder: string,
  log: Logger,
  most = { runs: keptRuns, bytes: keptJournalBytes },
): RunJournals {
  const pathOf = (id: string): string => join(folder, `${id}.jsonl`)
  const append = (id: string, lines: readonly JournalLine[]): boolean => {
    try {
      mkdirSync(folder, { recursive: true })
      appendFileSync(pathOf(id), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      return true
    } catch (error) {
      log.error(
        { err: error },
        `the journal of ${id} could not be written in ${folder}; it ends there, and the run goes on`,
      )
      return false
    }
  }
  const ids = async (): Promise<string[]> => {
    const names = await readdir(folder).catch(() => [])
    return names
      .flatMap((name) => (name.endsWith('.jsonl') ? [name.slice(0, -'.jsonl'.length)] : []))
      .sort()
      .reverse()
  }
  const text = async (id: string): Promise<string | undefined> =>
    idPattern.test(id) ? readFile(pathOf(id), 'utf8').catch(() => undefined) : undefined

  const prune = async (): Promise<string[]> => {
    let bytes = 0
    const gone: string[] = []
    for (const [index, id] of (await ids()).entries()) {
      bytes += await stat(pathOf(id)).then(
        ({ size }) => size,
        () => 0,
      )
      if (index === 0 || (index < most.runs && bytes <= most.bytes)) continue
      gone.push(id)
      await rm(pathOf(id), { force: true }).catch((error: unknown) =>
        log.warn({ err: error }, `the journal of ${id} could not be removed`),
      )
    }
    return gone
  }

  return {
    text,
    append,
    prune,
    create(id) {
      const lines: JournalLine[] = []
      let isCutOff = false
      return {
        lines,
        add(line) {
          lines.push(line)
          if (isCutOff || append(id, [line])) return
          isCutOff = true
          const text = `the disk did not take the journal: its file ends ${Math.round(line.t)} ms into the run`
          lines.push({ kind: 'note', t: line.t, text })
        },
      }
    },
    async load() {
      await prune()
      const runs: Run[] = []
      for (const id of await ids()) {
        const { lines, problem } = readJournal((await text(id)) ?? '')
        if (lines.length === 0) log.warn(`the journal ${pathOf(id)} cannot be read: ${problem}`)
        else runs.push(runOf(lines, problem === undefined ? {} : { problem }))
      }
      return runs
    },
  }
}
