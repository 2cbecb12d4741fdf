import type { Place } from './moment.ts'

/** What was read last from the disk, up to a size; the one that was asked for longest ago goes first. */
export class RecentlyRead<Value> {
  readonly #values = new Map<string, { value: Value; size: number }>()
  readonly #most: number
  readonly #sizeOf: (value: Value) => number
  #size = 0

  /** `most` is the sum of sizes at most. Default size: 1. */
  constructor(most: number, sizeOf: (value: Value) => number = () => 1) {
    this.#most = most
    this.#sizeOf = sizeOf
  }

  /** Calls `read` only if the value is not kept, and keeps what it returns. */
  get(place: Place, read: () => Value | undefined): Value | undefined {
    const key = `${place.segment} ${place.offset}`
    const known = this.#values.get(key)
    if (known) {
      this.#values.delete(key)
      this.#values.set(key, known)
      return known.value
    }
    const value = read()
    if (value === undefined) return undefined
    const size = this.#sizeOf(value)
    this.#values.set(key, { value, size })
    this.#size += size
    for (const [oldest, { size: freed }] of this.#values) {
      if (this.#size <= this.#most || oldest === key) break
      this.#values.delete(oldest)
      this.#size -= freed
    }
    return value
  }
}
