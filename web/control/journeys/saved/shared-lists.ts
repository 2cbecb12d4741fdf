/** Gives one array for all lists that are equal, to save memory. */
export function sharedLists(): (list: readonly string[]) => readonly string[] {
  const shared = new Map<string, readonly string[]>()
  return (list) => {
    const key = JSON.stringify(list)
    const known = shared.get(key) ?? list
    shared.set(key, known)
    return known
  }
}
