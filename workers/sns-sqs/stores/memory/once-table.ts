/** For how long a FIFO queue or topic knows a deduplication id, from the first message with it. */
export const deduplicationMs = 300_000

/** What is remembered of a message so that a repetition of it is not taken again. Outlives the message. */
export interface OnceEntry {
  /** Number of the journal segment that holds it; 0 if there is none. */
  segment: number
  /** Tells messages that are taken together from repetitions. */
  readonly token: string
  /** Id and number of the message that was taken. */
  readonly id: string
  readonly seq: number
  readonly at: number
}

/** The deduplication ids that one queue or topic has seen of late, the oldest first. */
export class OnceTable {
  private readonly entries = new Map<string, OnceEntry>()
  private readonly onDropped: (entry: OnceEntry) => void

  constructor(onDropped: (entry: OnceEntry) => void) {
    this.onDropped = onDropped
  }

  get size(): number {
    return this.entries.size
  }

  /** The entry that a message of this time would repeat. */
  find(key: string, now: number): OnceEntry | undefined {
    const entry = this.entries.get(key)
    return entry !== undefined && entry.at + deduplicationMs > now ? entry : undefined
  }

  put(key: string, entry: OnceEntry): void {
    this.drop(key)
    this.entries.set(key, entry)
  }

  /** Takes back what was put, if it is still there. */
  withdraw(key: string, entry: OnceEntry): void {
    if (this.entries.get(key) === entry) this.drop(key)
  }

  /** Forgets what has had its time, at most `limit`. */
  expire(now: number, limit: number): void {
    let left = limit
    for (const [key, entry] of this.entries) {
      if (entry.at + deduplicationMs > now || left-- === 0) return
      this.drop(key)
    }
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.drop(key)
  }

  /** Everything that a segment of the journal holds, so that it can be written again. */
  *heldIn(segment: number): Generator<[key: string, entry: OnceEntry]> {
    for (const pair of this.entries) if (pair[1].segment === segment) yield pair
  }

  private drop(key: string): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    this.entries.delete(key)
    this.onDropped(entry)
  }
}
