const chunkLength = 1_024

interface Prefix {
  number: number
  text: string
  chunks: Map<number, { rows: Float64Array; kept: number }>
}

/** Finds rows by message id at eight bytes each, and writes an id as two numbers. The text up to the sequence number is kept once. */
export class MessageIndex {
  readonly #prefixes: Prefix[] = []
  readonly #byText = new Map<string, Prefix>()

  /** The number of a prefix, from 1. */
  prefixOf(text: string): number {
    return this.#prefix(text).number
  }

  /** The id that a prefix's number and a sequence number make. */
  idOf(prefix: number, seq: number): string {
    return `${this.textOf(prefix)}${seq}`
  }

  textOf(prefix: number): string {
    return this.#prefixes[prefix - 1]?.text ?? ''
  }

  /** The row of a message; undefined if it has none. */
  get(prefix: string, seq: number): number | undefined {
    const row = this.#byText.get(prefix)?.chunks.get(Math.floor(seq / chunkLength))?.rows[seq % chunkLength]
    return row === undefined || row === 0 ? undefined : row - 1
  }

  /** The same by id; undefined too where the text is not an id. */
  find(id: string): number | undefined {
    const split = id.lastIndexOf(':') + 1
    const seq = Number(id.slice(split))
    return Number.isSafeInteger(seq) && seq > 0 ? this.get(id.slice(0, split), seq) : undefined
  }

  set(prefix: string, seq: number, row: number): void {
    const { chunks } = this.#prefix(prefix)
    const number = Math.floor(seq / chunkLength)
    const chunk = chunks.get(number) ?? { rows: new Float64Array(chunkLength), kept: 0 }
    chunks.set(number, chunk)
    if (chunk.rows[seq % chunkLength] === 0) chunk.kept += 1
    chunk.rows[seq % chunkLength] = row + 1
  }

  delete(prefix: string, seq: number): void {
    const chunks = this.#byText.get(prefix)?.chunks
    const number = Math.floor(seq / chunkLength)
    const chunk = chunks?.get(number)
    if (!chunks || !chunk || chunk.rows[seq % chunkLength] === 0) return
    chunk.rows[seq % chunkLength] = 0
    chunk.kept -= 1
    if (chunk.kept === 0) chunks.delete(number)
  }

  get bytes(): number {
    let chunks = 0
    for (const prefix of this.#prefixes) chunks += prefix.chunks.size
    return chunks * chunkLength * Float64Array.BYTES_PER_ELEMENT
  }

  /** The prefixes, the one with number 1 first. `set` reports the rows again. */
  prefixes(): string[] {
    return this.#prefixes.map(({ text }) => text)
  }

  #prefix(text: string): Prefix {
    let prefix = this.#byText.get(text)
    if (!prefix) {
      prefix = { number: this.#prefixes.length + 1, text, chunks: new Map() }
      this.#prefixes.push(prefix)
      this.#byText.set(text, prefix)
    }
    return prefix
  }
}
