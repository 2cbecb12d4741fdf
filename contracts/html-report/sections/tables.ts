import type { CheckResult, Run } from '../../api/run.ts'
import { valuesInWords } from '../../scenario-run/holds.ts'
import { type Html, html } from '../html.ts'
import { table } from '../table.ts'

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`)
const resultSign: Record<CheckResult['result'], string> = { pass: '✓', fail: '✗', inconclusive: '?', pending: '·' }

export function checks(run: Run): Html | undefined {
  const rows = run.checks.map(({ id, kind, title, result, detail, values, at }) => [
    html`<span class="${result}">${resultSign[result]} ${result}</span>`,
    ...[id, kind, title, detail ?? valuesInWords(values), seconds(at)],
  ])
  const columns = [
    ...['Result', 'Check', 'Kind', 'Wanted', 'Found'].map((head) => ({ head })),
    { head: 'At', isFigure: true },
  ]
  return section('Checks', table('Checks and what they found', columns, rows))
}

export function faultsTable(run: Run): Html | undefined {
  const rows = run.faults.map(({ id, type, target, state, injectedAt, observedAt, healedAt, hits, reason = '' }) => [
    ...[id, type, target === undefined ? 'broker' : Object.values(target).join(' '), state],
    ...[seconds(injectedAt), seconds(observedAt), seconds(healedAt), String(hits), reason],
  ])
  const figure = (head: string) => ({ head, isFigure: true })
  const columns = [
    ...['Fault', 'Type', 'Target', 'State'].map((head) => ({ head })),
    ...['Injected', 'Observed', 'Healed', 'Hits'].map(figure),
    { head: 'Remark' },
  ]
  return section('Faults', table('Faults, by when they were injected, seen to take effect and healed', columns, rows))
}

export function phases(run: Run): Html | undefined {
  const rows = run.phases.map(({ name, arrivals, durationMs, until = 'drained', beganAt, endedAt, detail = '' }) => [
    ...[name, durationMs === undefined ? `until ${until}` : seconds(durationMs), String(arrivals)],
    ...[seconds(beganAt), seconds(endedAt), detail],
  ])
  const columns = [
    { head: 'Phase' },
    ...['Planned', 'Messages', 'Began', 'Ended'].map((head) => ({ head, isFigure: true })),
    { head: 'Remark' },
  ]
  return section('Phases', table('Phases', columns, rows))
}

/** What was changed, and what could not be taken back. */
export function stepsTable({ steps: all, notes }: Run): Html | undefined {
  const rows = all.map(({ id, at, detail, failed }) => [seconds(at), id, failed ? '✗ failed' : '✓ done', detail])
  const columns = [{ head: 'At', isFigure: true }, ...['Step', 'Result', 'What'].map((head) => ({ head }))]
  const found = table('Steps', columns, rows)
  const remarks = notes.length === 0 ? undefined : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`
  return found || remarks ? html`<h2>Steps and notes</h2>${found}${remarks}` : undefined
}

const section = (title: string, body: Html | undefined): Html | undefined => body && html`<h2>${title}</h2>${body}`
