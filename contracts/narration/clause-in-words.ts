import type { Clause } from '../api/narration.ts'

/** The sentence without its marks. */
export const sentenceOf = ({ parts }: Clause): string => parts.map(({ text }) => text).join('')

/** A narration as lines of text: numbers and sentences, under each its evidence in brackets. */
export function narrationLines(clauses: readonly Clause[]): string[] {
  const width = String(clauses.length).length
  const moments = clauses.map((one) => `${(one.t / 1_000).toFixed(1)}s`)
  const column = Math.max(0, ...moments.map(({ length }) => length))
  return clauses.flatMap((one, index) => {
    const number = String(index + 1).padStart(width)
    const indent = ' '.repeat(width + column + 4)
    const chips = one.evidence.map(({ label }) => `[${label}]`).join(' ')
    return [`${number}  ${(moments[index] ?? '').padStart(column)}  ${sentenceOf(one)}`, `${indent}${chips}`]
  })
}
