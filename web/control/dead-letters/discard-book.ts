import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { brokerName } from '#contracts/brokers/broker-name.ts'

/** A dead letter that somebody discarded on purpose, so that an audit knows why the broker does not hold it any more. */
const discarded = z.object({
  broker: brokerName,
  group: z.string(),
  /** Identity of the message; absent if its bytes were not an event. */
  messageId: z.string().optional(),
  /** Of a letter without an identity: how the message that it was is known again. */
  traceparent: z.string().optional(),
  bodyHash: z.string().optional(),
  /** RFC 3339. */
  at: z.string(),
})
export type Discarded = z.infer<typeof discarded>

/** An entry, as who looks for a message asks it. */
export interface FoundDiscard {
  messageId: string | undefined
  /** Whether it was the letter of a message with this trace, or with one of these bodies. */
  wasOf(traceparent: string, bodies: readonly string[]): boolean
}

/** What was discarded, over restarts. A message that is in it may be among the dead letters all the same: removing it failed. */
export interface DiscardBook {
  /** Rejects if the disk does not take it: then nothing may be removed. */
  add(entries: readonly Discarded[]): Promise<void>
  /** Oldest first. */
  of(broker: Discarded['broker'], group: string): readonly FoundDiscard[]
}

/** The body of a message as the book has it. */
export const bodyHash = (body: string): string => createHash('sha256').update(body).digest('base64url').slice(0, 22)

/** Opens the book at `path`, one JSON object a line; a line that cannot be read is left out. */
export async function openDiscardBook(path: string): Promise<DiscardBook> {
  const entries = parse(await readFile(path, 'utf8').catch(() => ''))
  return {
    async add(added) {
      await mkdir(dirname(path), { recursive: true })
      await appendFile(path, added.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
      entries.push(...added)
    },
    of: (broker, group) =>
      entries
        .filter((entry) => entry.broker === broker && entry.group === group)
        .map((entry) => ({
          messageId: entry.messageId,
          wasOf: (traceparent, bodies) =>
            (traceparent !== '' && entry.traceparent === traceparent) ||
            (entry.bodyHash !== undefined && bodies.map(bodyHash).includes(entry.bodyHash)),
        })),
  }
}

function parse(text: string): Discarded[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return []
    try {
      const parsed = discarded.safeParse(JSON.parse(line))
      return parsed.success ? [parsed.data] : []
    } catch {
      // The last line of a process that was killed may be torn.
      return []
    }
  })
}
