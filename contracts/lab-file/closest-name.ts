/** A name may differ from what was meant by a third of its letters. */
const tolerance = 3

/** The name that was probably meant; undefined where none is near. */
export function closestName(given: string, known: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor(given.length / tolerance))
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    if (Math.abs(name.length - given.length) > most) continue
    const distance = editDistance(given, name, most)
    if (distance <= most && (best === undefined || distance < best.distance)) best = { name, distance }
  }
  return best?.name
}

/** Letters to add, drop, replace or swap with their neighbour; more than `most` are not counted further. */
function editDistance(from: string, to: string, most: number): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same)
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      next.push(cost)
    }
    if (Math.min(...next) > most) return most + 1
    ;[before, row] = [row, next]
  }
  return row[to.length] ?? 0
}
