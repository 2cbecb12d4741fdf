import type { Recording } from '#contracts/api/recording.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { type Act, act } from './act.ts'

/** Bytes of acts that one recording keeps; contents of messages of one type that are kept. */
export const recordBounds = { bytes: 8_000_000, bodiesPerType: 500, bodyBytes: 200_000 } as const

type Counts = Pick<Recording, 'published' | 'bursts' | 'faults' | 'changes' | 'bytes'>

/** What ends something that was counted, and what no step can say. */
const uncounted: readonly Act['kind'][] = ['heal', 'burstEnd', 'switched', 'other']

/** The acts of one recording, with their counts, in memory. RECORDING until its owner ends it, or it is full. */
export class Recorder {
  readonly acts: Act[] = []
  readonly counts: Counts = { published: 0, bursts: 0, faults: 0, changes: 0, bytes: 0 }
  readonly #bodies = new Map<string, number>()

  /** Takes an act. Answers its line; undefined if there is no room for it. */
  take(given: Act): string | undefined {
    const kept = this.#bounded(given)
    const line = `${writeJson(kept)}\n`
    const bytes = Buffer.byteLength(line)
    if (this.counts.bytes + bytes > recordBounds.bytes) return undefined
    this.counts.bytes += bytes
    this.acts.push(kept)
    if (kept.kind === 'publish') this.counts.published += 1
    else if (kept.kind === 'burst') this.counts.bursts += 1
    else if (kept.kind === 'fault') this.counts.faults += 1
    else if (!uncounted.includes(kept.kind)) this.counts.changes += 1
    return line
  }

  /** Of a type that was sent often, the first contents are enough for a template. */
  #bounded(given: Act): Act {
    if (given.kind !== 'publish' || given.body === undefined) return given
    const known = this.#bodies.get(given.type) ?? 0
    if (known < recordBounds.bodiesPerType && Buffer.byteLength(given.body) <= recordBounds.bodyBytes) {
      this.#bodies.set(given.type, known + 1)
      return given
    }
    const { body: _, ...rest } = given
    return rest
  }
}

/** Acts of a file, up to the first line that cannot be read. */
export function readActs(text: string): Recorder {
  const recorder = new Recorder()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const parsed = act.safeParse(parsedJson(line))
    if (!parsed.success || recorder.take(parsed.data) === undefined) break
  }
  return recorder
}

function parsedJson(line: string): unknown {
  try {
    return parseExact(line)
  } catch {
    return undefined
  }
}
