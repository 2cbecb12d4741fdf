import type { Clause } from '../../api/narration.ts'
import { timeInWords } from '../../narration/evidenced-text.ts'
import type { JournalLine } from '../../scenario-run/journal-line.ts'
import { type Html, html } from '../html.ts'

/** More lines would make a large file of a long run. */
const maxLines = 400
/** Of a line; that of the run holds the whole scenario, which is on the page already. */
const maxCharacters = 1_000

/** Numbers of the journal's lines that sentences name, in the order of the journal: those that the page shows. */
export function shownLines(lines: readonly JournalLine[], clauses: readonly Clause[]): number[] {
  const named = new Set(clauses.flatMap(({ evidence }) => evidence.map(({ line }) => line)))
  return [...named]
    .filter((line) => lines[line - 1] !== undefined)
    .sort((a, b) => a - b)
    .slice(0, maxLines)
}

/** Where a line is on the page. */
export const placeOf = (line: number): string => `line-${line}`

/** The lines of the journal that the sentences name: what a chip leads to. */
export function evidenceSection(lines: readonly JournalLine[], shown: readonly number[]): Html | undefined {
  if (shown.length === 0) return undefined
  const items = shown.flatMap((number) => {
    const line = lines[number - 1]
    if (line === undefined) return []
    const text = JSON.stringify(line)
    const rest = text.length - maxCharacters
    return html`<li id="${placeOf(number)}"><b>Line ${number}</b> <span class="dim">${line.kind}, ${timeInWords(line.t)} into the run</span>
<pre>${text.slice(0, maxCharacters)}${rest > 0 ? ` … the journal has ${rest} more characters` : ''}</pre></li>`
  })
  return html`<h2>Evidence</h2><p class="dim">The lines of the journal that the sentences name, as they were written.</p><ol class="lines">${items}</ol>`
}
