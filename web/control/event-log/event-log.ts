import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { type EventLogEntry, eventLogEntry, eventLogKept, notesKept } from '#contracts/api/event-log.ts'
import { writeLines } from '../lab/write-lines.ts'

/** What happened to the lab: the last `eventLogKept` entries, over restarts. Of what is older, notes stay. */
export interface EventLog {
  /** Numbers the entry and gives it its time. */
  add(entry: Omit<EventLogEntry, 'seq' | 'at'>): EventLogEntry
  /** Number of the newest entry; 0 as long as there is none. */
  last(): number
  /** Up to `limit` newest entries after number `after`, oldest first. */
  since(after: number, limit: number): EventLogEntry[]
  /** Newest first, those before number `before` where given. */
  page(limit: number, before?: number): EventLogEntry[]
  /** Resolves when everything is on disk, as far as the disk works. */
  flush(): Promise<void>
}

/** Opens the log at `path`, one JSON object a line; a line that cannot be read is left out. */
export async function openEventLog(path: string, log: Logger, now: () => number = Date.now): Promise<EventLog> {
  const entries = parse(await readFile(path, 'utf8').catch(() => ''))
  while (entries.length > eventLogKept) forgetOldest(entries)
  let unwritten = ''
  let writing: Promise<void> | undefined
  let lines = entries.length

  async function write(): Promise<void> {
    await mkdir(dirname(path), { recursive: true })
    while (unwritten !== '') {
      const text = unwritten
      unwritten = ''
      // The file is at most twice as long as what is kept.
      if (lines > 2 * eventLogKept) {
        await writeLines(path, entries)
        lines = entries.length
      } else await appendFile(path, text)
    }
  }

  function save(): void {
    writing ??= write()
      .catch((error: unknown) => log.error({ err: error }, `the event log could not be written to ${path}`))
      .finally(() => {
        writing = undefined
        if (unwritten !== '') save()
      })
  }

  return {
    add(entry) {
      const numbered: EventLogEntry = {
        seq: (entries.at(-1)?.seq ?? 0) + 1,
        at: new Date(now()).toISOString(),
        ...entry,
      }
      entries.push(numbered)
      if (entries.length > eventLogKept) forgetOldest(entries)
      unwritten += `${JSON.stringify(numbered)}\n`
      lines += 1
      save()
      return numbered
    },
    last: () => entries.at(-1)?.seq ?? 0,
    since: (after, limit) => entries.filter(({ seq }) => seq > after).slice(-limit),
    page: (limit, before = Number.POSITIVE_INFINITY) =>
      entries
        .filter(({ seq }) => seq < before)
        .slice(-limit)
        .reverse(),
    async flush() {
      while (writing) await writing
    },
  }
}

/** Notes are not pushed out by workers that come and go, as long as there are not too many of them. */
function forgetOldest(entries: EventLogEntry[]): void {
  const notes = entries.filter(({ kind }) => kind === 'note').length
  const oldest = notes > notesKept ? 0 : entries.findIndex(({ kind }) => kind !== 'note')
  entries.splice(Math.max(0, oldest), 1)
}

function parse(text: string): EventLogEntry[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return []
    try {
      const parsed = eventLogEntry.safeParse(JSON.parse(line))
      return parsed.success ? [parsed.data] : []
    } catch {
      // The last line of a process that was killed may be torn.
      return []
    }
  })
}
