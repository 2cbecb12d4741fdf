import { closeSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { DiskSync } from './disk-sync.ts'
import { type ByteOrder, headerBytes, recordAt, recordBytes, type StoredRecord } from './record.ts'
import { listSegments, type SegmentNaming, segmentPath } from './segment-files.ts'
import { type CutOff, SegmentReading } from './segment-reading.ts'
import { SegmentUses } from './segment-uses.ts'
import { SegmentWriter, type WriteAt } from './segment-writer.ts'

export interface SegmentLogOptions {
  /** Made if it is missing. One process at a time writes to it. */
  directory: string
  naming: SegmentNaming
  byteOrder: ByteOrder
  /** Bytes after which a segment is full. Only one that holds a single larger append is larger than that and the append that filled it. */
  segmentBytes: number
  /** What what was appended outlives: the end of this `process` in any way, or a loss of `power` too, from the next sync on. */
  outlives: 'process' | 'power'
  /** Whole records that every new segment begins with. Default: none. */
  head?: () => Buffer
  /** Called if the disk could not be made to keep what was written to it. Default: nothing is done. */
  onSyncError?: (error: unknown) => void
  /** Default: `fs.writeSync`. */
  writeAt?: WriteAt
}

/** A segment whose records are read, and then what it ended in is mended. */
type Reading = Pick<SegmentReading, 'records'> & { mend(): CutOff | undefined }

const nothing = Buffer.alloc(0)

/**
 * Numbered files of records, of which only the last one is appended to; SPEC.md beside this file says what it promises.
 * READING (segments of former processes are there; nothing can be appended) → WRITING (from `begin` or `ensureRoom` on) → CLOSED.
 * Reading, counting uses and removing go in each of them.
 */
export class SegmentLog {
  readonly #options: SegmentLogOptions
  /** Bytes by number, the oldest segment first. */
  readonly #segments: Map<number, number>
  readonly #uses = new SegmentUses()
  readonly #disk: DiskSync
  #newest: number
  #writer: SegmentWriter | undefined

  /** Opens the folder. Throws if it cannot be read or made. */
  constructor(options: SegmentLogOptions) {
    this.#options = options
    const found = listSegments(options.directory, options.naming)
    this.#segments = new Map(found.map(({ number, bytes }) => [number, bytes]))
    this.#newest = found.at(-1)?.number ?? 0
    this.#disk = new DiskSync(options.directory, options.onSyncError ?? (() => {}))
  }

  /** Numbers of the segments on disk, the oldest first. */
  segments(): readonly number[] {
    return [...this.#segments.keys()]
  }

  /** Number of the last segment, which is the one that is written to where one is; 0 without any. */
  get newest(): number {
    return this.#newest
  }

  /** Bytes in the segment that is written to; 0 without one. */
  get newestBytes(): number {
    return this.#writer?.bytes ?? 0
  }

  /** Number of the first segment; undefined if that is the one that is written to. */
  get oldest(): number | undefined {
    const [first] = this.#segments.keys()
    return this.#writer && first === this.#newest ? undefined : first
  }

  /** Bytes of all segments. */
  get totalBytes(): number {
    let total = 0
    for (const bytes of this.#segments.values()) total += bytes
    return total
  }

  get isFull(): boolean {
    return this.newestBytes >= this.#options.segmentBytes
  }

  /**
   * Begins a new segment, numbered after the last one and not before `atLeast`; answers its number. Throws if the disk refuses:
   * then the former segment is written to as before.
   */
  begin(atLeast = 1): number {
    const number = Math.max(this.#newest + 1, atLeast)
    const { head, writeAt } = this.#options
    const writer = SegmentWriter.create(this.#path(number), head?.() ?? nothing, writeAt)
    const former = this.#writer
    this.#writer = writer
    this.#newest = number
    this.#segments.set(number, writer.bytes)
    this.#disk.named()
    if (this.#options.outlives === 'power' && former) this.#disk.retire(former)
    else former?.close()
    return number
  }

  /** Number of the segment that an append of `length` bytes will go to. Begins one if there is none, or it has no room for them. */
  ensureRoom(length: number): number {
    const isShort = this.newestBytes + length > this.#options.segmentBytes
    return this.#writer === undefined || isShort ? this.begin() : this.#newest
  }

  /**
   * Appends whole records in one write, and returns once the operating system has them; answers where the first begins. Throws if the
   * disk does not take all of them: then none is there.
   */
  append(records: Buffer): number {
    if (this.#writer === undefined) throw new Error('the log has no open segment')
    const offset = this.#writer.append(records)
    this.#segments.set(this.#newest, this.#writer.bytes)
    this.#disk.appended()
    return offset
  }

  /** Reads a segment from its beginning. */
  async read(number: number): Promise<Reading> {
    return this.#reading(number, await readFile(this.#path(number)))
  }

  /** As `read`, while everything else waits. */
  readNow(number: number): Reading {
    return this.#reading(number, readFileSync(this.#path(number)))
  }

  /** The record at a place; undefined if its segment is gone, or it is damaged. */
  readAt(number: number, offset: number): StoredRecord | undefined {
    if (!this.#segments.has(number)) return undefined
    const { byteOrder } = this.#options
    const file = openSync(this.#path(number), 'r')
    try {
      const header = Buffer.alloc(headerBytes)
      if (readSync(file, header, 0, headerBytes, offset) < headerBytes) return undefined
      const length = recordBytes(header, byteOrder)
      // A damaged length must not make it take gigabytes.
      if (offset + length > (this.#segments.get(number) ?? 0)) return undefined
      const bytes = Buffer.alloc(length)
      readSync(file, bytes, 0, length, offset)
      const found = recordAt(bytes, 0, byteOrder)
      return found && { payload: found.payload, offset, next: offset + length }
    } finally {
      closeSync(file)
    }
  }

  /** One more needs the segment. */
  retain(number: number): void {
    this.#uses.retain(number)
  }

  /** One less does. */
  release(number: number): void {
    this.#uses.release(number)
  }

  isUsed(number: number): boolean {
    return this.#uses.has(number)
  }

  /** Removes the oldest segments that nobody needs, up to the first that somebody does: for logs whose later records change earlier ones. */
  removeOldestUnused(): void {
    for (let oldest = this.oldest; oldest !== undefined && !this.isUsed(oldest); oldest = this.oldest) {
      this.#remove(oldest)
    }
  }

  /** Removes all segments before `number` that nobody needs, the ones in the middle too; never the one that is written to. */
  removeUnusedBefore(number: number): void {
    this.removeUnused(this.segments().filter((each) => each < number))
  }

  /** Removes those of these segments that nobody needs; never the one that is written to. */
  removeUnused(numbers: readonly number[]): void {
    for (const each of numbers) {
      if (this.#segments.has(each) && each !== this.#newest && !this.isUsed(each)) this.#remove(each)
    }
  }

  /** Makes what is written survive a loss of power, in the background; nothing happens while it is at it, or there is nothing new. */
  syncInBackground(): void {
    if (this.#writer) this.#disk.begin(this.#writer)
  }

  /** Resolves when everything written so far survives a loss of power, but for what `onSyncError` was called with. */
  async sync(): Promise<void> {
    await this.#disk.all(() => this.#writer)
  }

  /** Ends it; nothing can be appended any more. Where it outlives the power, all of it does from then on. */
  async close(): Promise<void> {
    if (this.#options.outlives === 'power') await this.sync()
    this.#writer?.close()
    this.#writer = undefined
  }

  #path(number: number): string {
    return segmentPath(this.#options.directory, this.#options.naming, number)
  }

  #reading(number: number, bytes: Buffer): Reading {
    const reading = new SegmentReading(this.#path(number), bytes, this.#options.byteOrder, number === this.#newest)
    const mend = (): CutOff | undefined => {
      // What is written to now may have grown since it was read.
      if (this.#writer && number === this.#newest) return undefined
      const cutOff = reading.mend()
      if (cutOff) this.#segments.set(number, cutOff.at)
      return cutOff
    }
    return { records: () => reading.records(), mend }
  }

  #remove(number: number): void {
    rmSync(this.#path(number), { force: true })
    this.#segments.delete(number)
  }
}
