/** Rows that are kept, and forgotten, together. */
const chunkLength = 1_024

const arrays = { f64: Float64Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const
export type ColumnKind = keyof typeof arrays
type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array

interface Chunk {
  /** Those that were written to: all others are 0. */
  columns: Record<string, Column>
  kept: number
}

/** The rows as plain data, for a checkpoint. */
export interface RowsState {
  next: number
  chunks: [number: number, kept: number, columns: Record<string, Column>][]
}

/**
 * A table of numbers. Rows are only appended, and counted from 0; the memory of 1,024 is given back when all of them were removed.
 * A column costs nothing in those 1,024 rows where it is 0.
 */
export class Rows<Name extends string> {
  next = 0
  readonly #kinds: Readonly<Record<Name, ColumnKind>>
  readonly #chunks = new Map<number, Chunk>()

  constructor(kinds: Readonly<Record<Name, ColumnKind>>) {
    this.#kinds = kinds
  }

  /** Appends a row of zeros; answers it. */
  add(): number {
    const row = this.next
    this.next += 1
    const number = chunkOf(row)
    const chunk = this.#chunks.get(number)
    if (chunk) chunk.kept += 1
    else this.#chunks.set(number, { columns: {}, kept: 1 })
    return row
  }

  get(row: number, name: Name): number {
    return this.#chunks.get(chunkOf(row))?.columns[name]?.[row % chunkLength] ?? 0
  }

  set(row: number, name: Name, value: number): void {
    const chunk = this.#chunks.get(chunkOf(row))
    if (!chunk) return
    let column = chunk.columns[name]
    if (!column) {
      if (value === 0) return
      column = new arrays[this.#kinds[name]](chunkLength)
      chunk.columns[name] = column
    }
    column[row % chunkLength] = value
  }

  add1(row: number, name: Name, change: number): number {
    const value = this.get(row, name) + change
    this.set(row, name, value)
    return value
  }

  /** Forgets a row, which becomes one of zeros. To be called once a row. */
  remove(row: number): void {
    const number = chunkOf(row)
    const chunk = this.#chunks.get(number)
    if (!chunk) return
    for (const column of Object.values(chunk.columns)) column[row % chunkLength] = 0
    chunk.kept -= 1
    if (chunk.kept === 0 && number < chunkOf(this.next)) this.#chunks.delete(number)
  }

  /** Walks from `before` (exclusive) to older rows, removed ones among them, until `visit` answers false; over whole chunks that are gone. */
  walkBack(before: number, visit: (row: number) => boolean): number | undefined {
    let row = Math.min(before, this.next) - 1
    while (row >= 0) {
      if (!this.#chunks.has(chunkOf(row))) {
        const below = this.#nearest(row)
        if (below === undefined) return undefined
        row = below
      }
      if (!visit(row)) return row
      row -= 1
    }
    return undefined
  }

  /** The first row at or after `row` that may be kept. */
  from(row: number): number {
    for (let at = row; at < this.next; at = (chunkOf(at) + 1) * chunkLength)
      if (this.#chunks.has(chunkOf(at))) return at
    return this.next
  }

  /** Bytes of all columns. */
  get bytes(): number {
    let bytes = 0
    for (const { columns } of this.#chunks.values()) {
      for (const { byteLength } of Object.values(columns)) bytes += byteLength
    }
    return bytes
  }

  /** What it holds, not copied: to be written before anything changes. */
  state(): RowsState {
    return { next: this.next, chunks: [...this.#chunks].map(([number, { kept, columns }]) => [number, kept, columns]) }
  }

  restore({ next, chunks }: RowsState): void {
    this.next = next
    for (const [number, kept, columns] of chunks) this.#chunks.set(number, { columns, kept })
  }

  /** The last row of the newest chunk that is kept and older than that of `row`. */
  #nearest(row: number): number | undefined {
    let nearest = -1
    for (const number of this.#chunks.keys()) if (number < chunkOf(row) && number > nearest) nearest = number
    return nearest < 0 ? undefined : (nearest + 1) * chunkLength - 1
  }
}

const chunkOf = (row: number): number => Math.floor(row / chunkLength)
