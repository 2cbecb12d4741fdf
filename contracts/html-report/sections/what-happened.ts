import type { Clause } from '../../api/narration.ts'
import { momentOf, timeInWords } from '../../narration/evidenced-text.ts'
import { type Html, html } from '../html.ts'
import { placeOf } from './evidence.ts'

/** The narration: sentences with their evidence below them, which leads to the lines of the journal that the page shows. */
export function whatHappened(clauses: readonly Clause[], shown: readonly number[]): Html | undefined {
  if (clauses.length === 0) return undefined
  const isShown = new Set(shown)
  return html`<h2>What happened</h2><ol class="narration">${clauses.map(
    (
      clause,
    ) => html`<li><time>${momentOf(clause)}</time>${clause.parts.map(({ text, claim }) => (claim ? html`<b>${text}</b>` : html`${text}`))}
<ul class="chips" aria-label="Evidence">${clause.evidence.map(
      ({ label, line, t }) =>
        html`<li title="line ${line} of the journal, ${timeInWords(t)} into the run">${isShown.has(line) ? html`<a href="#${placeOf(line)}">${label}</a>` : label}</li>`,
    )}</ul></li>`,
  )}</ol>`
}
