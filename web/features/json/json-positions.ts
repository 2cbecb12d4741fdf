/** Where each value of a JSON text stands. Offsets count UTF-16 units from 0, lines from 1. */
export interface JsonPlace {
  from: number
  to: number
  line: number
}

export type ParsedJson =
  | { ok: true; value: unknown /** By JSON pointer; '' is the whole. */; places: Map<string, JsonPlace> }
  | { ok: false; message: string; from: number; line: number; column: number }

/**
 * Reads JSON and remembers where every value stands, so that a schema error can be shown on its line. A text that is
 * not JSON is told with line and column, in words that do not differ between browsers.
 */
export function parseJson(text: string): ParsedJson {
  const places = new Map<string, JsonPlace>()
  try {
    const end = readValue(text, skipSpace(text, 0), '', places)
    const rest = skipSpace(text, end)
    if (rest < text.length) throw new JsonFault('there is text after the end of the JSON', rest)
    return { ok: true, value: JSON.parse(text), places }
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const line = lineAt(text, error.at)
    const column = error.at - text.lastIndexOf('\n', error.at - 1)
    return { ok: false, message: error.message, from: error.at, line, column }
  }
}

/** The place of a pointer, or of the nearest value around it: a missing field is shown at its object. */
export function placeOf(places: Map<string, JsonPlace>, pointer: string): JsonPlace | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at)
    if (place || at === '') return place
  }
}

/** A key as a segment of a JSON pointer (RFC 6901). */
export const pointerSegment = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

class JsonFault extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

type Places = Map<string, JsonPlace>
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// All code units but the quote, the backslash and what is below the space, which JSON wants escaped.
const string = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

function skipSpace(text: string, at: number): number {
  let next = at
  while (next < text.length && ' \n\r\t'.includes(text[next] ?? '')) next++
  return next
}

function readValue(text: string, from: number, pointer: string, places: Places): number {
  const first = text[from]
  const to =
    first === '{'
      ? readObject(text, from, pointer, places)
      : first === '['
        ? readArray(text, from, pointer, places)
        : first === '"'
          ? readString(text, from)
          : readScalar(text, from)
  places.set(pointer, { from, to, line: lineAt(text, from) })
  return to
}

function readObject(text: string, from: number, pointer: string, places: Places): number {
  let at = skipSpace(text, from + 1)
  if (text[at] === '}') return at + 1
  for (;;) {
    if (text[at] !== '"') throw fault(text, at, 'a key in double quotes')
    const end = readString(text, at)
    const key = JSON.parse(text.slice(at, end)) as string
    at = skipSpace(text, end)
    if (text[at] !== ':') throw fault(text, at, '“:”')
    at = skipSpace(text, readValue(text, skipSpace(text, at + 1), `${pointer}/${pointerSegment(key)}`, places))
    if (text[at] === '}') return at + 1
    if (text[at] !== ',') throw fault(text, at, '“,” or “}”')
    at = skipSpace(text, at + 1)
  }
}

function readArray(text: string, from: number, pointer: string, places: Places): number {
  let at = skipSpace(text, from + 1)
  if (text[at] === ']') return at + 1
  for (let index = 0; ; index++) {
    at = skipSpace(text, readValue(text, at, `${pointer}/${index}`, places))
    if (text[at] === ']') return at + 1
    if (text[at] !== ',') throw fault(text, at, '“,” or “]”')
    at = skipSpace(text, at + 1)
  }
}

function readString(text: string, from: number): number {
  string.lastIndex = from
  const match = string.exec(text)
  if (!match) throw new JsonFault('a string is not closed, or has a character that must be escaped', from)
  return from + match[0].length
}

function readScalar(text: string, from: number): number {
  scalar.lastIndex = from
  const match = scalar.exec(text)
  if (!match) throw fault(text, from, 'a value')
  return from + match[0].length
}

function fault(text: string, at: number, wanted: string): JsonFault {
  const found = at >= text.length ? 'the end of the text' : `“${text[at]}”`
  return new JsonFault(`${wanted} is expected, ${found} is found`, at)
}
