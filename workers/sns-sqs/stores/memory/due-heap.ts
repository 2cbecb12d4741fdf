/** What a due heap orders. The heap alone writes `heapIndex`; -1 means not in it. */
export interface Due {
  visibleAt: number
  heapIndex: number
}

/**
 * Binary heap by `visibleAt` whose items know their place, so that any of them is removed in O(log n). Adding with the
 * latest time, which is what a queue with one visibility timeout does, is constant time.
 */
export class DueHeap<T extends Due> {
  private readonly items: T[] = []

  get length(): number {
    return this.items.length
  }

  peek(): T | undefined {
    return this.items[0]
  }

  push(item: T): void {
    this.items.push(item)
    this.rise(item, this.items.length - 1)
  }

  remove(item: T): void {
    const index = item.heapIndex
    const last = this.items.pop()
    item.heapIndex = -1
    if (last === undefined || last === item) return
    const parent = this.items[(index - 1) >> 1]
    if (index > 0 && parent !== undefined && last.visibleAt < parent.visibleAt) this.rise(last, index)
    else this.sink(last, index)
  }

  private rise(item: T, from: number): void {
    let index = from
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.items[parentIndex]
      if (parent === undefined || parent.visibleAt <= item.visibleAt) break
      this.place(parent, index)
      index = parentIndex
    }
    this.place(item, index)
  }

  private sink(item: T, from: number): void {
    let index = from
    for (;;) {
      let childIndex = index * 2 + 1
      let child = this.items[childIndex]
      if (child === undefined) break
      const right = this.items[childIndex + 1]
      if (right !== undefined && right.visibleAt < child.visibleAt) {
        child = right
        childIndex++
      }
      if (item.visibleAt <= child.visibleAt) break
      this.place(child, index)
      index = childIndex
    }
    this.place(item, index)
  }

  private place(item: T, index: number): void {
    this.items[index] = item
    item.heapIndex = index
  }
}
