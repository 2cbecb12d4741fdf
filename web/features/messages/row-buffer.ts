import type { MessageRow } from '#contracts/api/journey.ts'

/** Rows that are kept while the list follows the newest, and while a reader goes back through older ones. */
export const followedRows = 500
export const readRows = 100_000

/** Oldest first; a row that is there already is replaced, in its place. The oldest go if there are more than `limit`. */
export function mergeRows(rows: readonly MessageRow[], incoming: readonly MessageRow[], limit: number): MessageRow[] {
  const changed = new Map(incoming.map((row) => [row.id, row]))
  const kept = rows.map((row) => {
    const next = changed.get(row.id)
    changed.delete(row.id)
    return next ?? row
  })
  const added = [...changed.values()]
  const [first] = added
  const last = kept.at(-1)
  const inOrder = added.every((row, index) => index === 0 || !before(row, added[index - 1] ?? row))
  const appended = inOrder && (last === undefined || first === undefined || !before(first, last))
  const merged = [...kept, ...added]
  return (appended ? merged : merged.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0))).slice(-limit)
}

/** Rows of the tail that a list which does not follow does not show yet. */
export function pendingRows(rows: readonly MessageRow[], tail: readonly MessageRow[]): number {
  const known = new Set(rows.map((row) => row.id))
  const last = rows.at(-1)
  return tail.filter((row) => !known.has(row.id) && (last === undefined || !before(row, last))).length
}

function before(a: MessageRow, b: MessageRow): boolean {
  // Identities of one producer count up, so that messages of the same millisecond keep their order.
  if (a.publishedAt !== b.publishedAt) return Date.parse(a.publishedAt) < Date.parse(b.publishedAt)
  return sequence(a.id) < sequence(b.id)
}

const sequence = (id: string): number => Number(id.slice(id.lastIndexOf(':') + 1))
