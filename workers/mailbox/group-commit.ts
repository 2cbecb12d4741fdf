/** Rows waiting for the same commit. */
interface Waiting<Row> {
  row: Row
  resolve: () => void
  reject: (reason: unknown) => void
}

/** How heavy a row is, and how heavy a group may be, in whatever unit. */
export interface GroupWeight<Row> {
  of: (row: Row) => number
  most: number
}

const weightless = { of: () => 0, most: 0 }

/**
 * Commits rows in groups: while one group is being written, the next one gathers, so a single row waits for nobody and
 * many at once share the cost of a commit. `add` resolves once its row is committed and rejects if its group failed.
 */
export class GroupCommit<Row> {
  readonly #write: (rows: Row[]) => Promise<void>
  readonly #largest: number
  readonly #weight: GroupWeight<Row>
  #waiting: Waiting<Row>[] = []
  #writing = 0

  constructor(write: (rows: Row[]) => Promise<void>, largest = 200, weight: GroupWeight<Row> = weightless) {
    this.#write = write
    this.#largest = largest
    this.#weight = weight
  }

  add(row: Row): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject })
      // What arrives in the same turn of the event loop goes together.
      if (this.#waiting.length === 1 && this.#writing === 0) setImmediate(() => void this.#flush())
    })
  }

  /** Resolves when nothing waits and nothing is being written. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  /** At least one, however heavy. */
  #nextSize(): number {
    const { of, most } = this.#weight
    let weight = 0
    for (const [size, { row }] of this.#waiting.slice(0, this.#largest).entries()) {
      weight += of(row)
      if (weight > most) return Math.max(1, size)
    }
    return this.#largest
  }

  async #flush(): Promise<void> {
    if (this.#writing > 0) return
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#nextSize())
      this.#writing = group.length
      try {
        await this.#write(group.map(({ row }) => row))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      } finally {
        this.#writing = 0
      }
    }
  }
}
