/** Findings of a kind that are remembered one by one at most. */
export const mostFound = 100_000

/** What was found in contents, `name id group`, so that a second look does not count it again. */
export class FoundContents {
  readonly keys = new Set<string>()

  /** Notes a finding; false if it is known, or no more can be kept. */
  note(key: string): boolean {
    if (this.keys.has(key) || this.keys.size >= mostFound) return false
    this.keys.add(key)
    return true
  }
}

/** Second and further effects of an obligation: `id group`, how many. Of the first `mostFound` obligations. */
export class ActedAgain extends Map<string, number> {
  /** Notes an effect beyond the first one; false if there is no room to remember it. */
  note(key: string): boolean {
    const times = this.get(key)
    if (times === undefined && this.size >= mostFound) return false
    this.set(key, (times ?? 0) + 1)
    return true
  }
}
