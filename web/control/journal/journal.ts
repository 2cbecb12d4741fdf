import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SegmentUse } from '../journeys/trace-store.ts'
import { decodeEntry, type Entry } from './entry-format.ts'

/** A segment that has grown past this is closed and a new one begun. */
export const segmentBytes = 32 * 1024 * 1024

const segmentName = (number: number): string => `segment-${String(number).padStart(8, '0')}.log`
const segmentPattern = /^segment-(\d{8,})\.log$/

/**
 * The telemetry log on disk: segments that are only ever appended to. What `append` has returned from is with the
 * operating system, so it outlives a `kill -9` of this process; it is not synced to the platter, so a power cut may take
 * the last seconds. Segments that nothing needs any more are deleted, the ones in the middle too.
 */
export class Journal implements SegmentUse {
  readonly #directory: string
  readonly #limit: number
  /** Journeys by segment that need it. */
  readonly #uses = new Map<number, number>()
  /** Segments on disk, the oldest first. */
  readonly #segments: number[]
  #file: number | undefined
  #size = 0
  /** Segments from this one on are not in a checkpoint yet, and stay. */
  #checkpointed = 0

  /** Opens the folder and makes it where it is absent. Nothing can be appended before `begin`. */
  constructor(directory: string, limit = segmentBytes) {
    mkdirSync(directory, { recursive: true })
    this.#directory = directory
    this.#limit = limit
    this.#segments = readdirSync(directory)
      .flatMap((name) => segmentPattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
  }

  /** Segments on disk, the oldest first. */
  segments(): readonly number[] {
    return this.#segments
  }

  /** Number of the segment that is written to. */
  get current(): number {
    return this.#segments.at(-1) ?? 0
  }

  /** Bytes in that segment. */
  get currentBytes(): number {
    return this.#size
  }

  get isFull(): boolean {
    return this.#size >= this.#limit
  }

  /** Begins a new segment, numbered after the last one and not before `atLeast`; answers its number. */
  begin(atLeast = 1): number {
    if (this.#file !== undefined) closeSync(this.#file)
    const number = Math.max(this.current + 1, atLeast)
    this.#file = openSync(join(this.#directory, segmentName(number)), 'wx+')
    this.#size = 0
    this.#segments.push(number)
    return number
  }

  /** Appends entries in one write; answers where the first begins. Throws where the disk does not take them all. */
  append(entries: readonly Buffer[]): number {
    if (this.#file === undefined) throw new Error('the telemetry journal is closed')
    const bytes = entries.length === 1 && entries[0] ? entries[0] : Buffer.concat(entries)
    const start = this.#size
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#file, bytes, written, bytes.length - written, start + written)
      }
    } catch (error) {
      // Half an entry must not stand in the way of the next one.
      ftruncateSync(this.#file, start)
      throw error
    }
    this.#size = start + bytes.length
    return start
  }

  /** Reads a segment from its beginning. `isTorn` says that the bytes end within an entry, or are damaged there. */
  async read(segment: number): Promise<{ entries: Iterable<Entry>; isTorn: () => boolean }> {
    const bytes = await readFile(join(this.#directory, segmentName(segment)))
    let offset = 0
    function* entries(): Generator<Entry> {
      for (let found = decodeEntry(bytes, 0); found; found = decodeEntry(bytes, offset)) {
        offset = found.next
        yield found.entry
      }
    }
    return { entries: entries(), isTorn: () => offset < bytes.length }
  }

  /** The entry at a place; undefined where its segment is gone. */
  readAt(segment: number, offset: number): Entry | undefined {
    if (!this.#segments.includes(segment)) return undefined
    const file = openSync(join(this.#directory, segmentName(segment)), 'r')
    try {
      const header = Buffer.alloc(4)
      if (readSync(file, header, 0, 4, offset) < 4) return undefined
      const bytes = Buffer.alloc(8 + header.readUInt32BE(0))
      readSync(file, bytes, 0, bytes.length, offset)
      return decodeEntry(bytes, 0)?.entry
    } finally {
      closeSync(file)
    }
  }

  retain(segment: number): void {
    this.#uses.set(segment, (this.#uses.get(segment) ?? 0) + 1)
  }

  release(segment: number): void {
    const uses = (this.#uses.get(segment) ?? 0) - 1
    if (uses > 0) this.#uses.set(segment, uses)
    else this.#uses.delete(segment)
  }

  /** Everything before `segment` is in a checkpoint that is safe on disk: deletes what no journey needs. */
  prune(segment: number): void {
    this.#checkpointed = Math.max(this.#checkpointed, segment)
    for (const number of [...this.#segments]) {
      if (number >= this.#checkpointed || number === this.current || this.#uses.has(number)) continue
      rmSync(join(this.#directory, segmentName(number)), { force: true })
      this.#segments.splice(this.#segments.indexOf(number), 1)
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}
