import type { Logger } from 'pino'
import { SegmentLog } from '#storage/segment-log/segment-log.ts'
import type { SegmentUse } from '../journeys/trace-store.ts'
import { decodeEntry, type JournalEntry, journalByteOrder } from './entry-format.ts'

/** A segment that has grown past this is closed and a new one begun. */
export const segmentBytes = 32 * 1024 * 1024

/**
 * The telemetry log on disk: segments that are only ever appended to. What `append` has returned from is with the
 * operating system, so it outlives a `kill -9` of this process; it is not synced to the platter, so a power cut may take
 * the last seconds. Segments that nothing needs any more are deleted, the ones in the middle too.
 */
export class TelemetryJournal implements SegmentUse {
  readonly #log: SegmentLog

  /** Opens the folder and makes it if it is absent. Nothing can be appended before `begin`. */
  constructor(directory: string, limit = segmentBytes) {
    const naming = { prefix: 'segment-', digits: 8, suffix: '.log' }
    this.#log = new SegmentLog({
      directory,
      naming,
      byteOrder: journalByteOrder,
      segmentBytes: limit,
      outlives: 'process',
    })
  }

  /** Segments on disk, the oldest first. */
  segments(): readonly number[] {
    return this.#log.segments()
  }

  /** Number of the segment that is written to. */
  get current(): number {
    return this.#log.newest
  }

  /** Bytes in that segment. */
  get currentBytes(): number {
    return this.#log.newestBytes
  }

  get isFull(): boolean {
    return this.#log.isFull
  }

  /** Begins a new segment, numbered after the last one and not before `atLeast`; answers its number. */
  begin(atLeast = 1): number {
    return this.#log.begin(atLeast)
  }

  /** Appends entries in one write; answers where the first begins. Throws if the disk does not take them all. */
  append(entries: readonly Buffer[]): number {
    return this.#log.append(entries.length === 1 && entries[0] ? entries[0] : Buffer.concat(entries))
  }

  /** Reads a segment from its beginning. After all entries `mend` cuts off what follows them, a torn entry or damage, and says so. */
  async read(segment: number): Promise<{ entries: Iterable<JournalEntry>; mend(log: Logger): void }> {
    const { records, mend } = await this.#log.read(segment)
    function* entries(): Generator<JournalEntry> {
      for (const record of records()) yield decodeEntry(record)
    }
    const mendAndSay = (log: Logger): void => {
      const cutOff = mend()
      if (cutOff?.kept !== undefined)
        log.error({ segment, ...cutOff }, 'a telemetry segment was damaged; the rest of it could not be read')
      else if (cutOff)
        log.warn({ segment, ...cutOff }, 'the last entry of the telemetry log was torn; its sidecar will send it again')
    }
    return { entries: entries(), mend: mendAndSay }
  }

  /** The entry at a place; undefined if its segment is gone, or damaged there. */
  readAt(segment: number, offset: number): JournalEntry | undefined {
    const record = this.#log.readAt(segment, offset)
    return record && decodeEntry(record)
  }

  retain(segment: number): void {
    this.#log.retain(segment)
  }

  release(segment: number): void {
    this.#log.release(segment)
  }

  /** Segments before the one that is written to that no journey needs now. */
  unused(): number[] {
    return this.segments().filter((segment) => segment < this.current && !this.#log.isUsed(segment))
  }

  /**
   * Deletes segments that no journey needed when the checkpoint was taken that is safe on disk now: those that one became of no use to since
   * are still told of by it.
   */
  prune(segments: readonly number[]): void {
    this.#log.removeUnused(segments)
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
