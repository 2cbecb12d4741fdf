/** The name that is most likely meant: at most a third of its letters differ. Undefined if none is near. */
export function closestName(given: string, names: Iterable<string>): string | undefined {
  const wanted = given.slice(0, 100).toLowerCase()
  let best: { name: string; distance: number } | undefined
  for (const name of names) {
    const distance = editsBetween(wanted, name.toLowerCase())
    if (
      distance <= Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3)) &&
      distance < (best?.distance ?? Infinity)
    )
      best = { name, distance }
  }
  return best?.name
}

/** `did you mean process.kill?`, or every name if none is near. */
export function nameRemedy(given: string, names: readonly string[]): string {
  const near = closestName(given, names)
  if (near !== undefined) return `did you mean ${near}?`
  return names.length === 0 ? 'there is none to choose from' : `known: ${names.join(', ')}`
}

/** Letters to insert, delete, replace or swap with their neighbour. */
function editsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      let edits = Math.min(
        (rows[row - 1]?.[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (rows[row - 1]?.[column - 1] ?? 0) + same,
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        edits = Math.min(edits, (rows[row - 2]?.[column - 2] ?? 0) + 1)
      line.push(edits)
    }
    rows.push(line)
  }
  return rows[a.length]?.[b.length] ?? 0
}
