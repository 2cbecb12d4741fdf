import { type Html, html } from './html.ts'

/** A column: its head, and whether it holds figures. */
export interface ReportColumn {
  head: string
  isFigure?: boolean
}

/** A table with its caption; undefined if there are no rows. */
export function table(
  caption: string,
  columns: readonly ReportColumn[],
  rows: readonly (readonly (string | Html)[])[],
): Html | undefined {
  if (rows.length === 0) return undefined
  const side = (index: number): string => (columns[index]?.isFigure ? 'n' : '')
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${columns.map(({ head }, index) => html`<th scope="col" class="${side(index)}">${head}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, index) => html`<td class="${side(index)}">${cell}</td>`)}</tr>\n`)}</tbody></table></div>`
}
