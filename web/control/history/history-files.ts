import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import { SegmentLog } from '#storage/segment-log/segment-log.ts'
import type { WriteAt } from '#storage/segment-log/segment-writer.ts'
import { decodeRecord, type HistoryRecord, historyByteOrder } from './block-format.ts'
import type { Place } from './moment.ts'

/** A segment takes at most so many bytes, and at most so long: what is kept is counted in whole segments. */
const segmentBytes = 8 * 1024 * 1024
const segmentMs = 60_000

export interface FilesOptions {
  directory: string
  now: () => number
  log: Logger
  /** Default: `fs.writeSync`. */
  writeAt?: WriteAt
}

/**
 * The history on disk: segments of records, which only ever are appended to and removed whole. It survives the end of this process in
 * any way; it is not synced to the platter, so a loss of power may take the last seconds.
 */
export class HistoryFiles {
  readonly #log: SegmentLog
  readonly #options: FilesOptions
  #begunAt = 0

  /** Opens the folder. Throws if it cannot be read or made. */
  constructor(options: FilesOptions) {
    this.#options = options
    const naming = { prefix: 'history-', digits: 8, suffix: '.log' }
    const { directory, writeAt } = options
    this.#log = new SegmentLog({
      ...{ directory, naming, byteOrder: historyByteOrder, segmentBytes, outlives: 'process' },
      ...(writeAt ? { writeAt } : {}),
    })
  }

  get bytes(): number {
    return this.#log.totalBytes
  }

  /** Calls `take` with every record of former processes, the oldest first. What cannot be read is left out and logged. */
  async load(take: (record: HistoryRecord, place: Place) => void): Promise<void> {
    const { log } = this.#options
    for (const segment of [...this.#log.segments()]) {
      const { records, mend } = await this.#log.read(segment)
      for (const { payload, offset } of records()) {
        try {
          take(decodeRecord(payload), { segment, offset })
        } catch (error) {
          log.warn({ err: error, segment, offset }, 'a record of the history could not be read and is left out')
        }
      }
      const cutOff = mend()
      if (cutOff) log.warn({ segment, ...cutOff }, 'the history was cut off in a segment; what was before it is kept')
      await setImmediate()
    }
  }

  /** Whether what comes next should begin a segment. */
  get isSegmentOver(): boolean {
    return this.#begunAt === 0 || this.#log.isFull || this.#options.now() - this.#begunAt >= segmentMs
  }

  /** Begins a segment. Throws if the disk refuses: the former one is written to as before. */
  begin(): void {
    this.#log.begin()
    this.#begunAt = this.#options.now()
  }

  /** Appends a record and answers its place. Throws if the disk does not take it: then nothing of it is there. */
  append(record: Buffer): Place {
    const offset = this.#log.append(record)
    return { segment: this.#log.newest, offset }
  }

  /** The record at a place; undefined if it is gone or damaged. */
  read({ segment, offset }: Place): HistoryRecord | undefined {
    const stored = this.#log.readAt(segment, offset)
    return stored && decodeRecord(stored.payload)
  }

  /** Removes all segments but those in `kept` and the one that is written to. */
  removeAllBut(kept: ReadonlySet<number>): void {
    const last = this.#log.newest
    const stay = this.#log.segments().filter((segment) => segment === last || kept.has(segment))
    for (const segment of stay) this.#log.retain(segment)
    this.#log.removeUnusedBefore(last)
    for (const segment of stay) this.#log.release(segment)
  }

  segments(): readonly number[] {
    return this.#log.segments()
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
