import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, unlinkSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { createSegment, type Segment, syncFolder } from './segments.ts'

/** Writes bytes at a place in a file, like `fs.writeSync`; injected so that a full disk can be tested. */
export type WriteAt = (fd: number, bytes: Buffer, offset: number, length: number, position: number) => number

export interface SegmentLogOptions {
  dir: string
  segmentBytes: number
  writeAt?: WriteAt
  /** What every segment begins with. */
  head: () => Buffer
  /** Told where the disk could not be made to keep what was written to it. */
  onSyncError: (error: unknown) => void
}

const syncData = promisify(fdatasync)

/** The files: appends to the last one, begins a new one when it is full, knows what each still holds. */
export class SegmentLog {
  private readonly options: SegmentLogOptions
  private readonly writeAt: WriteAt
  private readonly segments = new Map<number, Segment>()
  private current: { segment: Segment; fd: number } | undefined
  private syncing = false
  private dirty = false
  private nextNumber = 1
  /** Files that are full and not yet synced. */
  private readonly retiring = new Set<Promise<void>>()

  constructor(options: SegmentLogOptions) {
    this.options = options
    this.writeAt = options.writeAt ?? writeSync
  }

  get totalBytes(): number {
    let total = 0
    for (const { bytes } of this.segments.values()) total += bytes
    return total
  }

  /** The oldest segment, unless it is the one that is written to. */
  get oldest(): Segment | undefined {
    const first = this.segments.values().next().value
    return first === this.current?.segment ? undefined : first
  }

  /** The number of the segment that is written to. */
  get newestNumber(): number {
    return this.nextNumber - 1
  }

  /** Takes over a file that was read back. Call in order. */
  addExisting(segment: Segment): void {
    this.segments.set(segment.number, segment)
    this.nextNumber = segment.number + 1
  }

  /** Number of the segment that bytes of this length will be appended to. Begins a new one where there is no room. */
  ensureRoom(length: number): number {
    const full = this.current !== undefined && this.current.segment.bytes + length > this.options.segmentBytes
    if (this.current === undefined || full) this.rotate()
    return this.current?.segment.number ?? 0
  }

  /** Appends and returns once the operating system has it. On failure nothing of it stays in the file. */
  append(bytes: Buffer): void {
    if (this.current === undefined) throw new Error('the journal has no open segment')
    const { segment, fd } = this.current
    this.writeAll(fd, bytes, segment.bytes)
    segment.bytes += bytes.length
    this.dirty = true
  }

  /** Says that a message's text is in this segment now, and no more where it was. */
  adopt(message: { segment: number }, number: number): void {
    this.release(message)
    message.segment = number
    const segment = this.segments.get(number)
    if (segment !== undefined) segment.live++
  }

  release(message: { segment: number }): void {
    const segment = this.segments.get(message.segment)
    if (segment !== undefined) segment.live--
    message.segment = 0
  }

  /** Drops the oldest segments that hold nothing. Only from the front: later ones tell what became of earlier ones. */
  dropEmpty(): void {
    for (let oldest = this.oldest; oldest !== undefined && oldest.live === 0; oldest = this.oldest) {
      unlinkSync(oldest.path)
      this.segments.delete(oldest.number)
    }
  }

  /** Makes what is written survive a loss of power, in the background. */
  syncInBackground(): void {
    if (this.current === undefined || this.syncing || !this.dirty) return
    this.syncing = true
    this.dirty = false
    fdatasync(this.current.fd, (error) => {
      this.syncing = false
      // A descriptor that a rotation closed meanwhile was synced by the rotation itself.
      if (error !== null && error.code !== 'EBADF') this.options.onSyncError(error)
    })
  }

  /** Resolves when everything written so far survives a loss of power. */
  async sync(): Promise<void> {
    await Promise.all(this.retiring)
    if (this.current !== undefined) fdatasyncSync(this.current.fd)
    this.dirty = false
  }

  async close(): Promise<void> {
    await this.sync()
    if (this.current !== undefined) closeSync(this.current.fd)
    this.current = undefined
  }

  private rotate(): void {
    const next = createSegment(this.options.dir, this.nextNumber)
    try {
      const head = this.options.head()
      this.writeAll(next.fd, head, 0)
      next.segment.bytes = head.length
    } catch (error) {
      closeSync(next.fd)
      unlinkSync(next.segment.path)
      throw error
    }
    this.nextNumber++
    if (this.current !== undefined) this.retire(this.current.fd)
    this.current = next
    this.segments.set(next.segment.number, next.segment)
  }

  /** Syncs and closes a full file in the background: waiting for it here would hold up every request. */
  private retire(fd: number): void {
    const retired = syncData(fd)
      .then(() => syncFolder(this.options.dir))
      .catch(this.options.onSyncError)
      .finally(() => {
        closeSync(fd)
        this.retiring.delete(retired)
      })
    this.retiring.add(retired)
  }

  private writeAll(fd: number, bytes: Buffer, position: number): void {
    let written = 0
    try {
      while (written < bytes.length) {
        const count = this.writeAt(fd, bytes, written, bytes.length - written, position + written)
        if (count === 0) throw new Error('nothing was written')
        written += count
      }
    } catch (error) {
      if (written > 0) ftruncateSync(fd, position)
      throw error
    }
  }
}
