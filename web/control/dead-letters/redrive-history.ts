import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { type Redriven, redriven } from '#contracts/api/dead-letter.ts'
import { writeLines } from '../lab/write-lines.ts'

/** Single messages whose redrives are remembered, and the characters of edited payloads that are kept with them. */
export const redriveHistoryBounds = { entries: 20_000, edited: 8_000_000 } as const

/** Which messages were sent back, when, and with what payload: telemetry says only that they were. */
export interface RedriveHistory {
  /** Remembers those that the broker has stored. */
  add(entries: readonly Redriven[]): void
  /** What is known of one message, oldest first. */
  of(messageId: string): Redriven[]
  /** Resolves when everything is on disk, as far as the disk works. */
  flush(): Promise<void>
}

/** Opens the history at `path`, one JSON object a line. A line that cannot be read is left out; the oldest go first. */
export async function openRedriveHistory(
  path: string,
  log: Logger,
  bounds: { entries: number; edited: number } = redriveHistoryBounds,
): Promise<RedriveHistory> {
  const entries: Redriven[] = []
  const byMessage = new Map<string, Redriven[]>()
  let edited = 0
  let lines = 0
  let writing = Promise.resolve()

  function remember(entry: Redriven): void {
    entries.push(entry)
    byMessage.set(entry.messageId, [...(byMessage.get(entry.messageId) ?? []), entry])
    edited += entry.body?.length ?? 0
    while (entries.length > bounds.entries || (edited > bounds.edited && entries.length > 1)) forgetOldest()
  }
  function forgetOldest(): void {
    const oldest = entries.shift()
    if (!oldest) return
    edited -= oldest.body?.length ?? 0
    const rest = (byMessage.get(oldest.messageId) ?? []).filter((one) => one !== oldest)
    if (rest.length === 0) byMessage.delete(oldest.messageId)
    else byMessage.set(oldest.messageId, rest)
  }
  async function write(added: readonly Redriven[]): Promise<void> {
    await mkdir(dirname(path), { recursive: true })
    lines += added.length
    // The file is at most twice as long as what is kept.
    if (lines > 2 * bounds.entries) {
      const kept = [...entries]
      await writeLines(path, kept)
      lines = kept.length
    } else await appendFile(path, added.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
  }

  for (const entry of parse(await readFile(path, 'utf8').catch(() => ''))) {
    remember(entry)
    lines += 1
  }
  return {
    add(added) {
      if (added.length === 0) return
      for (const entry of added) remember(entry)
      writing = writing
        .then(() => write(added))
        .catch((error: unknown) => log.error({ err: error }, `the redrive history could not be written to ${path}`))
    },
    of: (messageId) => byMessage.get(messageId) ?? [],
    flush: () => writing,
  }
}

function parse(text: string): Redriven[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return []
    try {
      const parsed = redriven.safeParse(JSON.parse(line))
      return parsed.success ? [parsed.data] : []
    } catch {
      // The last line of a process that was killed may be torn.
      return []
    }
  })
}
