/** Messages that are remembered: the newest. */
const remembered = 100_000

/**
 * Which messages were delivered twice on purpose. A copy is a delivery like any other, so that without this each copy would have a copy,
 * for as long as the fault is in force.
 */
export class CopiedMessages {
  private readonly keys = new Set<string>()

  has(queue: string, id: string): boolean {
    return this.keys.has(`${queue} ${id}`)
  }

  add(queue: string, id: string): void {
    this.keys.add(`${queue} ${id}`)
    if (this.keys.size <= remembered) return
    for (const oldest of this.keys) {
      this.keys.delete(oldest)
      return
    }
  }
}
