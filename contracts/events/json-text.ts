import { jsonPointer, pointerSegment } from '../json-pointer.ts'

/** Levels of arrays and objects that the data of an event may have, its own included. The same at every door: HTTP and each broker. */
export const deepestJson = 64

/** JSON by its grammar, and yet not taken as data. */
export class UnfitJson extends Error {
  override readonly name = 'UnfitJson'
  /** JSON pointer (RFC 6901) of the place. */
  readonly path: string

  constructor(path: string, reason: string) {
    super(reason)
    this.path = path
  }
}

const quote = 0x22
const backslash = 0x5c
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

/**
 * Parses JSON text (RFC 8259) by the rules of every door, HTTP and each broker alike: no byte order mark, at most `deepest` levels, no
 * key `__proto__` (a copy of the data could reach a prototype by it); of repeated keys the last one counts. The depth is looked at before
 * anything is built. Throws `UnfitJson` for these rules, `SyntaxError` for text that is not JSON.
 */
export function parseJson(text: string, deepest = deepestJson): unknown {
  if (text.charCodeAt(0) === 0xfeff) {
    throw new SyntaxError('the text begins with a byte order mark (U+FEFF), which JSON does not have; leave it out')
  }
  const deep = text.length > deepest ? firstBeyond(text, deepest) : undefined
  if (deep !== undefined) {
    throw new UnfitJson(pointerTo(text, deep), `is nested deeper than ${deepest} levels of arrays and objects`)
  }
  const value: unknown = JSON.parse(text)
  if (text.includes('__proto__') || text.includes('\\u')) refusePrototypes(value)
  return value
}

/** Text of the values of an object, as written, by their names; of a name that occurs twice the last one. `text` is a valid JSON object. */
export function memberTexts(text: string): Map<string, string> {
  const members = new Map<string, string>()
  let at = skipSpace(text, 0) + 1
  for (;;) {
    at = skipSpace(text, at)
    if (text.charCodeAt(at) !== quote) return members
    const nameEnd = endOfString(text, at)
    const name = JSON.parse(text.slice(at, nameEnd + 1)) as string
    const start = skipSpace(text, skipSpace(text, nameEnd + 1) + 1)
    const end = endOfValue(text, start)
    members.set(name, text.slice(start, end))
    at = skipSpace(text, end) + 1
  }
}

/** The place of the first array or object that is deeper than `deepest`. */
function firstBeyond(text: string, deepest: number): number | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (isOpening(code)) {
      depth += 1
      if (depth > deepest) return at
    } else if (isClosing(code)) depth -= 1
  }
  return undefined
}

/** The place of the quote that ends the string which begins at `start`; the end of the text if none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = end
    while (text.charCodeAt(escapes - 1) === backslash) escapes -= 1
    if ((end - escapes) % 2 === 0) return end
  }
  return text.length
}

/** The place after the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
      if (depth === 0) return at + 1
    } else if (isOpening(code)) depth += 1
    else if (isClosing(code)) {
      // The end of what the value is in, after a number or a word.
      if (depth === 0) return at
      depth -= 1
      if (depth === 0) return at + 1
    } else if (depth === 0 && (code === 0x2c || isSpace(code))) return at
  }
  return text.length
}

function skipSpace(text: string, start: number): number {
  let at = start
  while (isSpace(text.charCodeAt(at))) at += 1
  return at
}

/** The pointer of the array or object that begins at `place`. */
function pointerTo(text: string, place: number): string {
  const open: { isArray: boolean; at: string | number }[] = []
  for (let at = 0; at < place; at += 1) {
    const code = text.charCodeAt(at)
    const inner = open.at(-1)
    if (code === quote) {
      const end = endOfString(text, at)
      const isName = text.charCodeAt(skipSpace(text, end + 1)) === 0x3a
      if (inner && !inner.isArray && isName) inner.at = nameOf(text.slice(at, end + 1))
      at = end
    } else if (isOpening(code)) open.push(code === 0x5b ? { isArray: true, at: 0 } : { isArray: false, at: '' })
    else if (isClosing(code)) open.pop()
    else if (code === 0x2c && typeof inner?.at === 'number') inner.at += 1
  }
  return jsonPointer(open.map(({ at }) => at))
}

/** Of text that was not parsed yet: where a name is not a JSON string it is shown as written. */
function nameOf(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    return token
  }
}

/** The depth of `value` is bounded. */
function refusePrototypes(value: unknown, path = ''): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__') {
      throw new UnfitJson(`${path}/__proto__`, 'is a name that would reach the prototype of an object; rename it')
    }
    refusePrototypes(inner, path + pointerSegment(name))
  }
}
