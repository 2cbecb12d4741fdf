import { mostFound } from './found-contents.ts'

/** Second and further effects of an obligation: `id group`, how many. Of the first `mostFound` obligations. */
export class ActedAgain extends Map<string, number> {
  /** Notes an effect beyond the first one; false where there is no room to remember it. */
  note(key: string): boolean {
    const times = this.get(key)
    if (times === undefined && this.size >= mostFound) return false
    this.set(key, (times ?? 0) + 1)
    return true
  }
}
