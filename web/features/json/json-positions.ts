import { printParseErrorCode, visit } from 'jsonc-parser'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'

/** The place of each value in a JSON text. Offsets count UTF-16 units from 0, lines from 1. */
export interface JsonPlace {
  from: number
  to: number
  line: number
}

export type ParsedJson =
  | { ok: true; value: unknown /** By JSON pointer; '' is the whole. */; places: Map<string, JsonPlace> }
  | { ok: false; message: string; from: number; line: number; column: number }

type Places = Map<string, JsonPlace>
/** An object or array whose end was not reached yet. */
interface Open {
  pointer: string
  from: number
  line: number
  close: '}' | ']'
}

/**
 * Reads JSON and remembers where every value is, so that a schema error can be shown on its line. A text that is not JSON
 * is reported with line and column, in words that do not differ between browsers. A number of more digits than JavaScript has room
 * for comes as `ExactJson`.
 */
export function parsePlacedJson(text: string): ParsedJson {
  const places: Places = new Map()
  const open: Open[] = []
  let wrong: ParsedJson | undefined
  const begin =
    (close: Open['close']) =>
    (from: number, _length: number, line: number, _column: number, path: () => (string | number)[]): void => {
      open.push({ pointer: jsonPointer(path()), from, line: line + 1, close })
    }
  const end = (from: number, length: number): void => {
    const ended = open.pop()
    if (ended) places.set(ended.pointer, { from: ended.from, to: from + length, line: ended.line })
  }
  visit(
    text,
    {
      onObjectBegin: begin('}'),
      onObjectEnd: end,
      onArrayBegin: begin(']'),
      onArrayEnd: end,
      onLiteralValue: (_value, from, length, line, _column, path) => {
        places.set(jsonPointer(path()), { from, to: from + length, line: line + 1 })
      },
      onError: (code, from, length, line, column) => {
        // What follows the first error is a guess at what was meant.
        wrong ??= {
          ok: false,
          message: errorWords(printParseErrorCode(code), text.slice(from, from + length), places, open.at(-1)?.close),
          ...{ from, line: line + 1, column: column + 1 },
        }
      },
    },
    { disallowComments: true },
  )
  return wrong ?? { ok: true, value: parseExact(text), places }
}

/** The place of a pointer, or of the nearest value around it: a missing field is shown at its object. */
export function textPositionOf(places: Map<string, JsonPlace>, pointer: string): JsonPlace | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at)
    if (place || at === '') return place
  }
}

type ErrorName = ReturnType<typeof printParseErrorCode>

/** What is wrong with the token `found` after `places` were read, within an object or array that ends with `close`. */
function errorWords(code: ErrorName, found: string, places: Places, close: Open['close'] | undefined): string {
  const wanted = places.has('') && !code.startsWith('Close') ? undefined : expected(code, close)
  if (wanted !== undefined) {
    return `${wanted} is expected, ${found === '' ? 'the end of the text' : `“${found.slice(0, 1)}”`} is found`
  }
  // The whole is read, and there is more.
  if (places.has('')) return 'there is text after the end of the JSON'
  if (code === 'InvalidSymbol' || code === 'InvalidCommentToken') return `“${found}” is not JSON`
  if (code === 'UnexpectedEndOfNumber') return `the number “${found}” is not complete`
  return 'a string is not closed, or has a character that must be escaped'
}

function expected(code: ErrorName, close: Open['close'] | undefined): string | undefined {
  switch (code) {
    case 'PropertyNameExpected':
      return 'a key in double quotes'
    case 'ValueExpected':
      return 'a value'
    case 'ColonExpected':
      return '“:”'
    case 'CommaExpected':
      return `“,” or “${close}”`
    case 'CloseBraceExpected':
      return '“,” or “}”'
    case 'CloseBracketExpected':
      return '“,” or “]”'
    default:
      return undefined
  }
}
