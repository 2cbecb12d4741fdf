import { copyFileSync, truncateSync } from 'node:fs'
import { type ByteOrder, recordAt, type StoredRecord } from './record.ts'

/** What a segment ended in that was not a record. */
export interface CutOff {
  /** The segment's file. */
  path: string
  /** Where the bytes begin that could not be read, and how many they were. */
  at: number
  unread: number
  /** The copy of the whole segment; undefined if it was the last one and the bytes are a write that was under way. */
  kept: string | undefined
}

/** A segment that is read from its beginning. */
export class SegmentReading {
  readonly #path: string
  readonly #bytes: Buffer
  readonly #order: ByteOrder
  readonly #isLast: boolean
  #end = 0

  constructor(path: string, bytes: Buffer, order: ByteOrder, isLast: boolean) {
    this.#path = path
    this.#bytes = bytes
    this.#order = order
    this.#isLast = isLast
  }

  /** Its records up to the first that is cut off or damaged. Can be iterated once. */
  *records(): Generator<StoredRecord, void, void> {
    for (let found = this.#next(); found; found = this.#next()) {
      this.#end = found.next
      yield found
    }
  }

  /**
   * After all records: cuts off what follows the last one, so that the segment ends in a whole record from now on. In the last segment
   * that is the write that was under way when its process ended, and it was acknowledged to nobody. In another one it is damage: a
   * copy of the segment is kept as `*.damaged`. Undefined if there is nothing to cut off.
   */
  mend(): CutOff | undefined {
    const unread = this.#bytes.length - this.#end
    if (unread === 0) return undefined
    const kept = this.#isLast ? undefined : `${this.#path}.damaged`
    if (kept !== undefined) copyFileSync(this.#path, kept)
    truncateSync(this.#path, this.#end)
    return { path: this.#path, at: this.#end, unread, kept }
  }

  #next(): StoredRecord | undefined {
    return recordAt(this.#bytes, this.#end, this.#order)
  }
}
