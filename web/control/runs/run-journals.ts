import { appendFileSync, mkdirSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Run } from '#contracts/api/run.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { runOf } from '#contracts/scenario-run/run-of.ts'

/** Journals that are kept; the oldest go. */
const kept = 200

/** The journal of a run that goes on. */
export interface RunJournal {
  lines: readonly JournalLine[]
  /** In memory at once; on disk before it returns, as far as the disk works. */
  add(line: JournalLine): void
}

/** Journals of runs in the data folder, one file of JSON lines each. */
export interface RunJournals {
  create(id: string): RunJournal
  /** The text of one; undefined where there is none. */
  text(id: string): Promise<string | undefined>
  /** Every run that ended, or whose end was never written, newest first. */
  load(): Promise<Run[]>
  /** Adds lines to one whose run ended with the process. */
  append(id: string, lines: readonly JournalLine[]): void
}

const idPattern = /^r-[0-9a-z-]{1,60}$/

export function openRunJournals(folder: string, log: Logger): RunJournals {
  const pathOf = (id: string): string => join(folder, `${id}.jsonl`)
  const append = (id: string, lines: readonly JournalLine[]): void => {
    try {
      mkdirSync(folder, { recursive: true })
      appendFileSync(pathOf(id), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    } catch (error) {
      log.error({ err: error }, `the journal of ${id} could not be written in ${folder}; the run goes on without it`)
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

  return {
    text,
    append,
    create(id) {
      const lines: JournalLine[] = []
      return {
        lines,
        add(line) {
          lines.push(line)
          append(id, [line])
        },
      }
    },
    async load() {
      const all = await ids()
      await Promise.all(all.slice(kept).map((id) => rm(pathOf(id), { force: true })))
      const runs: Run[] = []
      for (const id of all.slice(0, kept)) {
        const { lines, problem } = readJournal((await text(id)) ?? '')
        if (lines.length === 0) log.warn(`the journal ${pathOf(id)} cannot be read: ${problem}`)
        else runs.push(runOf(lines, problem === undefined ? {} : { problem }))
      }
      return runs
    },
  }
}
