import type { JournalPlace } from '../journeys/place.ts'
import type { TelemetryJournal } from './journal.ts'
import { type MakeReport, type MessageReport, reportsOf } from './message-reports.ts'

/** Bytes of the entries that are kept as they were read last: neighbours follow, of several groups at several places. */
const keptBytes = 8 * 1024 * 1024

interface Read {
  reported: ReadonlyMap<string, readonly MakeReport[]>
  bytes: number
}

/**
 * Reads single entries of the journal again, for what memory no longer holds. The next caller is answered while this one waits for
 * nothing: it is one read of a file. An entry that cannot be read says nothing, and becomes a problem.
 */
export class EntryReader {
  readonly #journal: TelemetryJournal
  readonly #limit: number
  /** The one that was asked for last is the last. */
  readonly #entries = new Map<string, Read>()
  readonly #unreadable = new Set<string>()
  #bytes = 0
  #reason = ''

  constructor(journal: TelemetryJournal, limit = keptBytes) {
    this.#journal = journal
    this.#limit = limit
  }

  /** What could not be read so far, for a person. */
  get problem(): string | undefined {
    if (this.#unreadable.size === 0) return undefined
    return (
      `entries of the telemetry log that cannot be read again: ${this.#unreadable.size} (${this.#reason}); messages that wait are shown ` +
      'without what was in it, and all counts stay right'
    )
  }

  /** What the entry says of a message, each report made as it is taken. */
  *reports(place: JournalPlace, id: string): Generator<MessageReport> {
    const key = `${place.segment}@${place.offset}`
    let read = this.#entries.get(key)
    if (read) this.#entries.delete(key)
    else {
      read = this.#read(place, key)
      this.#bytes += read.bytes
    }
    this.#entries.set(key, read)
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#limit || oldest === key) break
      this.#entries.delete(oldest)
      this.#bytes -= bytes
    }
    for (const make of read.reported.get(id) ?? []) {
      const report = make()
      if (report) yield report
    }
  }

  #read({ segment, offset }: JournalPlace, key: string): Read {
    try {
      const entry = this.#journal.readAt(segment, offset)
      if (!entry) throw new Error(`segment ${segment} is damaged at byte ${offset}, or gone`)
      return { reported: reportsOf(entry), bytes: entry.body.length }
    } catch (error) {
      this.#unreadable.add(key)
      this.#reason = error instanceof Error ? error.message : String(error)
      return { reported: new Map(), bytes: 0 }
    }
  }
}
