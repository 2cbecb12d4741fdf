/**
 * Answers, from now on, which sidecars have ended since without handing over what they had, in words: no scenario asks for that, so what
 * it tried was tried in another lab than it meant.
 */
export function watchSidecars(lost: () => ReadonlyMap<string, number>): () => string[] {
  const before = new Map(lost())
  return () =>
    [...lost()].flatMap(([service, count]) => {
      const since = count - (before.get(service) ?? 0)
      if (since <= 0) return []
      return [`the sidecar of ${service} was killed during the run${since === 1 ? '' : `, ${since} times`}`]
    })
}
