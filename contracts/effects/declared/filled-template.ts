import { letterPartBytes } from '../effect-limits.ts'

/** More than a letter may have, in UTF-16 units: a longer one is refused by its sender, and here it is not made. */
const longest = letterPartBytes.text

/**
 * A template with values in place of its `{{path}}`. Each character of the template is read once. What is longer than any part of a
 * letter may be is cut: no mail says it.
 */
export function filledTemplate(template: string, value: (path: string) => string): string {
  const pieces: string[] = []
  let length = 0
  let from = 0
  const add = (piece: string): void => {
    length += piece.length
    if (length <= longest) pieces.push(piece)
  }
  for (const match of template.matchAll(/\{\{([^{}]*)\}\}/g)) {
    if (length > longest) break
    add(template.slice(from, match.index))
    add(value((match[1] ?? '').trim()))
    from = match.index + match[0].length
  }
  add(template.slice(from))
  return pieces.join('')
}
