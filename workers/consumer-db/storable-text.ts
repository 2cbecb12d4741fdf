import { pointerSegment } from '#contracts/json-pointer.ts'
import { UnstorableText } from './database-error.ts'

/** PostgreSQL's own limit follows from its stack, and so differs from server to server. */
const deepest = 1_000

/** Throws `UnstorableText`, with the JSON pointer of the place, where PostgreSQL could not store a string of `value`, or its depth. */
export function assertStorable(value: unknown): void {
  // A stack of its own: what a message nests must not decide how deep this program calls itself.
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next
    if (typeof next.value === 'string') assertText(next.value, path)
    if (typeof next.value !== 'object' || next.value === null) continue
    if (depth >= deepest) throw new UnstorableText(`the data is nested more than ${deepest} levels deep`)
    for (const [name, item] of Object.entries(next.value)) {
      assertText(name, path)
      open.push({ value: item, path: path + pointerSegment(name), depth: depth + 1 })
    }
  }
}

function assertText(text: string, path: string): void {
  if (text.includes('\u0000')) {
    throw new UnstorableText(`${path || '/'} has a NUL character (\\u0000), which PostgreSQL cannot store in text`)
  }
  if (!isWellFormed(text)) {
    throw new UnstorableText(`${path || '/'} has half a surrogate pair, which is not a character and cannot be stored`)
  }
}

/** A lone surrogate is the only thing that does not survive the way through UTF-8. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text) || Buffer.from(text, 'utf8').toString('utf8') === text
}
