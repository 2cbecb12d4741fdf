import type { Evidence } from '../api/narration.ts'
import type { Told } from './say.ts'

/** `1,204`. */
export const countInWords = (value: number): string => Math.round(value).toLocaleString('en-US')

/** `4.1 s`; under a tenth of a second `60 ms`. */
export const timeInWords = (ms: number): string =>
  Math.abs(ms) < 100 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`

const read = (piece: Evidence, text: string, value: number | string): Told => ({
  text,
  from: [{ ...piece, readings: [{ text, value }] }],
})

/** A name, or words that stand in the line as they are. */
export const words = (piece: Evidence, text: string): Told => read(piece, text, text)

/** A number of things: `37 messages`. Without a noun, the number alone. */
export function count(piece: Evidence, value: number, noun?: string, plural = `${noun}s`): Told {
  const text = countInWords(value)
  const whole = noun === undefined ? text : `${text} ${value === 1 ? noun : plural}`
  return read(piece, whole, value)
}

/** A number that a process or another thing is known by. */
export const numbered = (piece: Evidence, value: number): Told => read(piece, String(value), value)

/** A moment or a length, in milliseconds. */
export const time = (piece: Evidence, ms: number): Told => read(piece, timeInWords(ms), ms)

/** The time from one moment to another; both are evidence. */
export function between(from: Evidence, began: number, to: Evidence, ended: number): Told {
  const text = timeInWords(ended - began)
  return {
    text,
    from: [
      { ...to, readings: [{ text, value: ended, less: began }] },
      { ...from, readings: [{ text: timeInWords(began), value: began }] },
    ],
  }
}

/** Several pieces, joined by commas and `and`. */
export function list(first: Told, ...others: readonly Told[]): Told {
  const all = [first, ...others]
  const texts = all.map(({ text }) => text)
  const last = texts.pop() ?? ''
  const [piece, ...rest] = all.flatMap(({ from }) => from)
  return {
    text: texts.length === 0 ? last : `${texts.join(', ')} and ${last}`,
    from: [piece ?? first.from[0], ...rest],
  }
}

/** The verb to a number. */
export const were = ({ text, from }: Told, value: number): Told => ({
  text: `${text} ${value === 1 ? 'was' : 'were'}`,
  from,
})
