/** The offset of a line and a column, both from 1. */
export function offsetAt(text: string, line: number, column: number): number {
  let offset = 0
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', offset)
    if (end === -1) return text.length
    offset = end + 1
  }
  return Math.min(text.length, offset + Math.max(0, column - 1))
}

/** The word at an offset, as a stretch to underline; to the end of the line if there is none. */
export function tokenAt(text: string, offset: number): { from: number; to: number } {
  const rest = /^[^\s,:{}[\]#]+/.exec(text.slice(offset, offset + 200))?.[0]
  if (rest) return { from: offset, to: offset + rest.length }
  const end = text.indexOf('\n', offset)
  return { from: offset, to: Math.min(end === -1 ? text.length : end, offset + 40) }
}
