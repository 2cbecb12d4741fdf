import type { Evidence } from '../api/narration.ts'
import type { EvidencedText } from './say.ts'

/** `1,204`. */
export const countInWords = (value: number): string => Math.round(value).toLocaleString('en-US')

/** `4.1 s`; under a tenth of a second `60 ms`. */
export const timeInWords = (ms: number): string =>
  Math.abs(ms) < 100 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`

const read = (piece: Evidence, text: string, value: number | string): EvidencedText => ({
  text,
  from: [{ ...piece, readings: [{ text, value }] }],
})

/** A name, or words that are in the line in the same spelling. */
export const words = (piece: Evidence, text: string): EvidencedText => read(piece, text, text)

/** A number of things: `37 messages`. Without a noun, the number alone. */
export function countWords(piece: Evidence, value: number, noun?: string, plural = `${noun}s`): EvidencedText {
  const text = countInWords(value)
  const whole = noun === undefined ? text : `${text} ${value === 1 ? noun : plural}`
  return read(piece, whole, value)
}

/** A number that a process or another thing is known by. */
export const numbered = (piece: Evidence, value: number): EvidencedText => read(piece, String(value), value)

/** A moment or a length, in milliseconds. */
export const time = (piece: Evidence, ms: number): EvidencedText => read(piece, timeInWords(ms), ms)

/** The time from one moment to another; both are evidence. */
export function between(from: Evidence, began: number, to: Evidence, ended: number): EvidencedText {
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
export function listWords(first: EvidencedText, ...others: readonly EvidencedText[]): EvidencedText {
  const all = [first, ...others]
  const texts = all.map(({ text }) => text)
  const last = texts.pop() ?? ''
  const [piece, ...rest] = all.flatMap(({ from }) => from)
  return {
    text: texts.length === 0 ? last : `${texts.join(', ')} and ${last}`,
    from: [piece ?? first.from[0], ...rest],
  }
}

/** "was" or "were", by the number. */
export const were = ({ text, from }: EvidencedText, value: number): EvidencedText => ({
  text: `${text} ${value === 1 ? 'was' : 'were'}`,
  from,
})

/** `5.0 s`, or `12.0 s – 18.1 s` for what lasted. */
export const momentOf = ({ t, until }: { t: number; until?: number | undefined }): string =>
  until === undefined ? timeInWords(t) : `${timeInWords(t)} – ${timeInWords(until)}`
