/** Findings of a kind that are remembered one by one at most. */
export const mostFound = 100_000

/** What was found in contents, `name id group`, so that a second look does not count it again. */
export class FoundContents {
  readonly keys = new Set<string>()

  /** Notes a finding; false where it is known, or no more can be kept. */
  note(key: string): boolean {
    if (this.keys.has(key) || this.keys.size >= mostFound) return false
    this.keys.add(key)
    return true
  }
}
