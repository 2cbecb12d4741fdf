import { narratedRun } from '../narration/narrated-run.ts'
import type { JournalLine } from '../scenario-run/journal-line.ts'
import { html } from './html.ts'
import { charts } from './sections/charts.ts'
import { evidenceSection, shownLines } from './sections/evidence.ts'
import { environment, scenarioSection, summary } from './sections/summary.ts'
import { checks, faultsTable, phases, stepsTable } from './sections/tables.ts'
import { whatHappened } from './sections/what-happened.ts'
import { styles } from './styles.ts'

/**
 * A run as one HTML file that opens without the lab and without a network: verdict, narration, charts, checks, faults, environment and the
 * scenario file. It holds no script and may run none; whatever a scenario says is text in it. The same journal gives the same file.
 * Throws a `TypeError` where the first line is not that of a run. `problem` says why the journal is not whole.
 */
export function reportPage(lines: readonly JournalLine[], given: { problem?: string } = {}): string {
  const run = narratedRun(lines, given)
  const [first] = lines
  if (first?.kind !== 'run') throw new TypeError('a journal begins with the line of its run')
  const shown = shownLines(lines, run.narration ?? [])
  const samples = lines.flatMap((line) => (line.kind === 'sample' ? [line] : []))
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${run.name}: ${run.verdict ?? run.state}</title>
${styles}
</head>
<body>
<main>
${summary(run)}
${whatHappened(run.narration ?? [], shown)}
${charts(run, samples)}
${checks(run)}
${faultsTable(run)}
${phases(run)}
${stepsTable(run)}
${environment(run, first)}
${scenarioSection(first)}
${evidenceSection(lines, shown)}
</main>
</body>
</html>
`.text
}
