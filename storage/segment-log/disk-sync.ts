import { syncFolder } from './segment-files.ts'
import type { SegmentWriter } from './segment-writer.ts'

/** Makes what a log has written survive a loss of power, at most one segment at a time in the background. */
export class DiskSync {
  readonly #directory: string
  readonly #onError: (error: unknown) => void
  /** What was appended since the last sync began, and whether a file name came or went. */
  #isDirty = false
  #namesChanged = false
  #running: Promise<void> | undefined
  /** Full segments that are not synced yet. */
  readonly #retiring = new Set<Promise<void>>()

  /** `onError` is called with what failed in the background: that may not survive. */
  constructor(directory: string, onError: (error: unknown) => void) {
    this.#directory = directory
    this.#onError = onError
  }

  /** Something was appended. */
  appended(): void {
    this.#isDirty = true
  }

  /** A segment was made. The name of a removed one is synced with the next of these: if it is there again, it is read again, and removed. */
  named(): void {
    this.#isDirty = true
    this.#namesChanged = true
  }

  /** Begins to sync; does nothing if it is at it already, or there is nothing new. */
  begin(writer: SegmentWriter): void {
    if (this.#running || !this.#isDirty) return
    this.#isDirty = false
    this.#running = this.#sync(writer).finally(() => {
      this.#running = undefined
    })
  }

  /** Resolves when all of it is synced; `writerNow` answers the segment that is written to at that moment. Rejects if the disk refuses now; what was refused before went to `onError`. */
  async all(writerNow: () => SegmentWriter | undefined): Promise<void> {
    await Promise.all(this.#retiring)
    await this.#running
    this.#isDirty = false
    writerNow()?.syncNow()
    await this.#syncNames()
  }

  /** Syncs a full segment in the background, and closes it then: to wait for it would hold up every append. */
  retire(writer: SegmentWriter): void {
    const retired = Promise.resolve(this.#running)
      .then(() => this.#sync(writer))
      .finally(() => {
        writer.close()
        this.#retiring.delete(retired)
      })
    this.#retiring.add(retired)
  }

  async #sync(writer: SegmentWriter): Promise<void> {
    try {
      await writer.sync()
      await this.#syncNames()
    } catch (error) {
      this.#onError(error)
    }
  }

  async #syncNames(): Promise<void> {
    if (!this.#namesChanged) return
    this.#namesChanged = false
    await syncFolder(this.#directory)
  }
}
