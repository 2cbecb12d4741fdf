import type { Clause } from '../../api/narration.ts'
import { momentOf, timeInWords } from '../../narration/told.ts'
import { type Html, html } from '../html.ts'

/** The narration: sentences with their evidence below them. */
export function told(clauses: readonly Clause[]): Html | undefined {
  if (clauses.length === 0) return undefined
  return html`<h2>What happened</h2><ol class="told">${clauses.map(
    (
      clause,
    ) => html`<li><time>${momentOf(clause)}</time>${clause.parts.map(({ text, claim }) => (claim ? html`<b>${text}</b>` : html`${text}`))}
<ul class="chips" aria-label="Evidence">${clause.evidence.map(
      ({ label, line, t }) =>
        html`<li title="line ${line} of the journal, ${timeInWords(t)} into the run">${label}</li>`,
    )}</ul></li>`,
  )}</ol>`
}
