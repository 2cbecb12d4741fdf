/**
 * The row before (-1) or after (+1) the one with the key `from`; without such a row the last or the first.
 * Undefined at the ends, and if there are no rows.
 */
export function neighbourOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  from: string | undefined,
  by: 1 | -1,
): Row | undefined {
  const at = rows.findIndex((row) => keyOf(row) === from)
  if (at === -1) return by === 1 ? rows[0] : rows.at(-1)
  return rows[at + by]
}
