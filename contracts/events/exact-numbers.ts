import { decimalOf } from './decimal.ts'
import { ExactJson } from './exact-json.ts'

/** Strings are matched to be skipped; what is captured is a number. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|(-?\d[\d.eE+-]*)/g
/** What every number that JavaScript would change has: sixteen digits or an exponent. */
const suspect = /\d[\d.]{15}|\d[eE]/

/** Whether JavaScript keeps the value of a JSON number to its last digit. */
export function isKept(number: string): boolean {
  const value = Number(number)
  return Number.isFinite(value) && decimalOf(number) === decimalOf(String(value))
}

/** Whether `JSON.parse` keeps every number of a JSON text. */
export const keepsNumbers = (text: string): boolean => !suspect.test(text) || !hasLongNumber(text)

const hasLongNumber = (text: string): boolean =>
  [...text.matchAll(stringOrNumber)].some(([, number]) => number !== undefined && !isKept(number))

/**
 * Parses JSON as `JSON.parse` does, but for numbers of more digits than JavaScript has room for: they come as `ExactJson`, which
 * `writeJson` writes as they were. Throws `SyntaxError` for text that is not JSON.
 */
export function parseExact(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (keepsNumbers(text)) return value
  const mark = markNotIn(text)
  const marked = text.replace(stringOrNumber, (token, number?: string) =>
    number === undefined || isKept(number) ? token : `"${mark}${number}"`,
  )
  return JSON.parse(marked, (_, inner: unknown) =>
    typeof inner === 'string' && inner.startsWith(mark) ? new ExactJson(inner.slice(mark.length)) : inner,
  )
}

/** A text that does not occur in `text`, escaped or not. */
function markNotIn(text: string): string {
  const random = (): string => `#${crypto.getRandomValues(new Uint32Array(4)).join('-')}:`
  let mark = random()
  while (text.includes(mark)) mark = random()
  return mark
}

/** A parsed JSON text, with the digits that JavaScript had no room for. */
export const exactValue = (parsed: unknown, text: string): unknown => (keepsNumbers(text) ? parsed : parseExact(text))

/** Whether a number within it keeps digits that JavaScript has no room for. */
export function holdsExact(value: unknown): boolean {
  // Not by calls: what is nested deeper than the stack is for others to refuse.
  const within = [value]
  for (let inner = within.pop(); within.length > 0 || inner !== undefined; inner = within.pop()) {
    if (inner instanceof ExactJson) return true
    if (typeof inner === 'object' && inner !== null) {
      for (const one of Object.values(inner)) if (typeof one === 'object' && one !== null) within.push(one)
    }
  }
  return false
}

/** A copy in which every number is JavaScript's nearest to it, for what computes with numbers, as validators do. */
export function plainOf(value: unknown): unknown {
  if (value instanceof ExactJson) return JSON.parse(String(value))
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainOf(inner)]))
}
