interface Uses {
  segment: number
  count: number
}

/** How many need each segment. Counting costs no look-up while one message after the other is of the same segment. */
export class SegmentUses {
  /** By number of the segment; one without any is not in here. */
  readonly #used = new Map<number, Uses>()
  /** The one that was asked for last. */
  #last: Uses = { segment: 0, count: 0 }

  retain(segment: number): void {
    if (this.#last.segment !== segment || this.#last.count === 0) this.#last = this.#usesOf(segment)
    this.#last.count++
  }

  /** Does nothing for a segment that nobody needs. */
  release(segment: number): void {
    if (this.#last.segment !== segment) {
      const uses = this.#used.get(segment)
      if (uses === undefined) return
      this.#last = uses
    }
    if (this.#last.count > 0 && --this.#last.count === 0) this.#used.delete(segment)
  }

  has(segment: number): boolean {
    return this.#used.has(segment)
  }

  #usesOf(segment: number): Uses {
    const known = this.#used.get(segment)
    if (known !== undefined) return known
    const uses = { segment, count: 0 }
    this.#used.set(segment, uses)
    return uses
  }
}
