/** The last settled journeys, oldest out first: each by what names it. */
export class SettledRing<Item> {
  readonly #capacity: number
  readonly #items: Item[] = []
  #next = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#items.length
  }

  /** All in it, the oldest first. */
  list(): Item[] {
    return [...this.#items.slice(this.#next), ...this.#items.slice(0, this.#next)]
  }

  /** Adds a journey; answers the one that has to go for it. */
  push(journey: Item): Item | undefined {
    if (this.#items.length < this.#capacity) {
      this.#items.push(journey)
      return undefined
    }
    const oldest = this.#items[this.#next]
    this.#items[this.#next] = journey
    this.#next = (this.#next + 1) % this.#capacity
    return oldest
  }
}
