import { deepestData } from '#contracts/effects/effect-limits.ts'
import { LetterTooLarge } from './letter-too-large.ts'

/** Strings are matched to be skipped; what is captured is a number. Each character is read once. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|(-?\d[\d.eE+-]*)/g

/** The data of an event with its numbers as its body writes them. */
export interface ExactData {
  data: unknown
  /** A value of `data` as a person reads it: text as it is, objects and arrays as JSON. */
  shown(value: unknown): string
}

/**
 * Reads a body, valid JSON, such that no number loses a digit: JavaScript has room for about 16. Within `data` a number is text behind
 * a mark that the body does not have; `shown` knows it. Throws `LetterTooLarge` where the data is nested too deep to be shown.
 */
export function exactData(body: string): ExactData {
  let mark = '\ue000'
  while (body.includes(mark)) mark += '\ue000'
  const marked = body.replace(stringOrNumber, (token, number?: string) =>
    number === undefined ? token : `"${mark}${number}"`,
  )
  const data: unknown = JSON.parse(marked)
  assertShallow(data)
  const markedNumber = new RegExp(`"${mark}([\\d.eE+-]+)"`, 'g')
  return {
    data,
    shown(value) {
      if (typeof value === 'string') return value.startsWith(mark) ? value.slice(mark.length) : value
      return typeof value === 'object' && value !== null
        ? JSON.stringify(value).replace(markedNumber, '$1')
        : String(value)
    },
  }
}

/** A stack of its own: what a message nests must not decide how deep this program calls itself, as `JSON.stringify` does. */
function assertShallow(data: unknown): void {
  let level: unknown[] = [data]
  for (let depth = 0; level.length > 0; depth += 1) {
    const inner = level.filter((value): value is object => typeof value === 'object' && value !== null)
    if (inner.length > 0 && depth >= deepestData) {
      throw new LetterTooLarge(`the data is nested more than ${deepestData} levels deep, which no letter shows`)
    }
    level = inner.flatMap((value) => Object.values(value) as unknown[])
  }
}
