import type { Run } from '../../api/run.ts'
import type { RunLine } from '../../scenario-run/journal-line.ts'
import { type Html, html } from '../html.ts'

/** Title, verdict and what it hangs on. */
export const summary = (run: Run): Html => html`<header><h1>${run.title ?? run.name}</h1>
<p class="dim">${run.title === undefined ? '' : `${run.name}, `}run ${run.id}</p>
<p class="verdict ${run.verdict ?? ''}">${sign[run.verdict ?? 'inconclusive']} ${run.verdict ?? run.state}</p>
${run.reasons.length === 0 ? undefined : html`<ul>${run.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}</header>`

const sign = { pass: '✓', fail: '✗', inconclusive: '?' }

/** What it ran on, and what makes it repeatable. */
export function environment(run: Run, { versions }: RunLine): Html {
  const rows = {
    started: run.startedAt,
    ended: run.endedAt ?? 'not written down',
    took: `${(run.elapsedMs / 1_000).toFixed(1)} s`,
    broker: run.broker,
    lab: run.lab ?? 'without a name',
    seed: String(run.seed),
    messages: run.sample ? `${run.sample.acked} of ${run.sample.due} acknowledged` : 'none written down',
    'digest of the messages': run.eventsDigest ?? 'none written down',
    Faultline: versions.faultline,
    Node: versions.node,
  }
  return html`<h2>Environment</h2><dl>${Object.entries(rows).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

/** Characters of the scenario file that are shown. */
const fileMost = 200_000

/** The file that was run. */
export function scenarioSection({ scenario }: RunLine): Html {
  const left = scenario.length - fileMost
  return html`<h2>Scenario file</h2>${left > 0 ? html`<p class="dim">Its first ${fileMost} characters; the journal has ${left} more.</p>` : undefined}<pre tabindex="0" role="region" aria-label="Scenario file">${scenario.slice(0, fileMost)}</pre>`
}
