import { UnstorableText } from './database-error.ts'

/** Throws `UnstorableText`, with the JSON pointer of the place, where PostgreSQL could not store a string of `value`. */
export function assertStorable(value: unknown, path = ''): void {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) {
      throw new UnstorableText(`${path || '/'} has a NUL character (\\u0000), which PostgreSQL cannot store in text`)
    }
    if (!isWellFormed(value)) {
      throw new UnstorableText(`${path || '/'} has half a surrogate pair, which is no character and cannot be stored`)
    }
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, item] of Object.entries(value)) {
    assertStorable(name, path)
    assertStorable(item, `${path}/${name}`)
  }
}

/** A lone surrogate is the only thing that does not survive the way through UTF-8. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text) || Buffer.from(text, 'utf8').toString('utf8') === text
}
