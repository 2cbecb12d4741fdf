import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

/** Writes bytes at a place in a file, like `fs.writeSync`; injected so that a full disk can be tested. */
export type WriteAt = (fd: number, bytes: Buffer, offset: number, length: number, position: number) => number

const syncData = promisify(fdatasync)

/** The segment that is written to. OPEN → CLOSED. Nothing may be asked of a closed one. */
export class SegmentWriter {
  readonly #fd: number
  readonly #writeAt: WriteAt
  #bytes = 0

  private constructor(fd: number, writeAt: WriteAt) {
    this.#fd = fd
    this.#writeAt = writeAt
  }

  /**
   * Makes a file that begins with `head`. Throws if the disk refuses, and then leaves no file; throws if the file exists, which
   * means that another process writes to this folder.
   */
  static create(path: string, head: Buffer, writeAt: WriteAt = writeSync): SegmentWriter {
    const writer = new SegmentWriter(openSync(path, 'wx'), writeAt)
    try {
      writer.append(head)
      return writer
    } catch (error) {
      writer.close()
      unlinkSync(path)
      throw error
    }
  }

  /** Bytes that were appended so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Appends and returns once the operating system has all of it; answers where it begins. Throws with the file as it was before. */
  append(bytes: Buffer): number {
    const start = this.#bytes
    let written = 0
    try {
      while (written < bytes.length) {
        const count = this.#writeAt(this.#fd, bytes, written, bytes.length - written, start + written)
        if (count === 0) throw new Error('nothing was written')
        written += count
      }
    } catch (error) {
      // Half a record must not be left before the next one.
      if (written > 0) ftruncateSync(this.#fd, start)
      throw error
    }
    this.#bytes = start + written
    return start
  }

  /** Resolves when what was appended survives a loss of power. */
  async sync(): Promise<void> {
    await syncData(this.#fd)
  }

  /** As `sync`, while everything else waits. */
  syncNow(): void {
    fdatasyncSync(this.#fd)
  }

  close(): void {
    closeSync(this.#fd)
  }
}
