import { createWriteStream, mkdirSync, openSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** Bytes of a log file before it becomes `<name>.log.1`, replacing the one before it. */
const defaultMaxBytes = 5 * 1024 * 1024

/** A log file of bounded size. A disk that is full loses log lines and nothing else. */
export class LogFile {
  readonly path: string
  readonly #maxBytes: number
  #stream: WriteStream | undefined
  #bytes = 0

  constructor(folder: string, name: string, maxBytes = defaultMaxBytes) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.path = join(folder, `${name}.log`)
    this.#maxBytes = maxBytes
    this.#bytes = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
    this.#open()
  }

  #open(): void {
    let descriptor: number
    try {
      // At once, so that the file is there to be renamed however little the machine gets to do in between.
      descriptor = openSync(this.path, 'a', 0o600)
    } catch {
      this.#stream = undefined
      return
    }
    const stream = createWriteStream(this.path, { fd: descriptor })
    stream.on('error', () => {
      if (this.#stream === stream) this.#stream = undefined
    })
    this.#stream = stream
  }

  write(text: string): void {
    if (this.#stream === undefined) return
    this.#stream.write(text)
    this.#bytes += Buffer.byteLength(text)
    if (this.#bytes < this.#maxBytes) return
    // What the old stream still holds goes to the renamed file: the descriptor follows the file, not the name.
    this.#stream.end()
    renameSync(this.path, `${this.path}.1`)
    this.#bytes = 0
    this.#open()
  }

  close(): void {
    this.#stream?.end()
    this.#stream = undefined
  }
}
