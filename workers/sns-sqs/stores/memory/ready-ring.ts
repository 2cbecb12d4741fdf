/** First in, first out, constant time at both ends whatever is in it. Grows by doubling, never shrinks below 64. */
export class ReadyRing<T> {
  private slots: (T | undefined)[] = new Array(64)
  private head = 0
  private size = 0

  get length(): number {
    return this.size
  }

  push(item: T): void {
    if (this.size === this.slots.length) this.resize(this.size * 2)
    this.slots[(this.head + this.size) & (this.slots.length - 1)] = item
    this.size++
  }

  peek(): T | undefined {
    return this.size === 0 ? undefined : this.slots[this.head]
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined
    const item = this.slots[this.head]
    this.slots[this.head] = undefined
    this.head = (this.head + 1) & (this.slots.length - 1)
    this.size--
    if (this.slots.length > 64 && this.size < this.slots.length / 8) this.resize(this.slots.length / 2)
    return item
  }

  private resize(capacity: number): void {
    const grown: (T | undefined)[] = new Array(capacity)
    for (let index = 0; index < this.size; index++) {
      grown[index] = this.slots[(this.head + index) & (this.slots.length - 1)]
    }
    this.slots = grown
    this.head = 0
  }
}
