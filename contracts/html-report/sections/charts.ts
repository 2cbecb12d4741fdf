import type { Run, RunSample } from '../../api/run.ts'
import { drawBands, drawChart } from '../charts/draw-chart.ts'
import { drawnMost } from '../charts/points.ts'
import { drawnGroups, groupsMost, runCharts } from '../charts/run-series.ts'
import { type Html, html } from '../html.ts'
import { table } from '../table.ts'

/** Samples shown in the table, evenly spread. */
const rowsMost = 120

/** Phases and faults over throughput, lag, percentile and retries, and the same figures in a table. */
export function charts(run: Run, samples: readonly RunSample[]): Html {
  const { names, others } = drawnGroups(samples)
  const remarks = [
    ...(samples.length > drawnMost
      ? [
          `Drawn from ${drawnMost.toLocaleString('en-US')} of ${samples.length.toLocaleString('en-US')} points of each line: the lowest and the highest of each span.`,
        ]
      : []),
    ...(others > 0 ? [`The ${groupsMost} groups with the longest backlogs are drawn; ${others} are not.`] : []),
  ]
  return html`<h2>Over time</h2><div class="bands">${drawBands(run)}</div>
${remarks.map((remark) => html`<p class="dim">${remark}</p>`)}
${samples.length === 0 ? html`<p class="dim">No samples were written down.</p>` : runCharts(samples, names).map((chart) => drawChart(chart, run))}
${figures(samples, names)}`
}

function figures(samples: readonly RunSample[], names: readonly string[]): Html | undefined {
  const every = Math.max(1, Math.ceil(samples.length / rowsMost))
  const shown = samples.filter((_, index) => index % every === 0 || index === samples.length - 1)
  const rows = shown.map(({ t, due, acked, groups }) => [
    ...[(t / 1_000).toFixed(1), String(due), String(acked)],
    ...names.flatMap((name) => {
      const group = groups[name]
      const p99 = group?.p99Ms ?? null
      return [group?.delivered, group?.lag, group?.retrying, p99 === null ? undefined : Math.round(p99)].map((value) =>
        value === undefined ? '–' : String(value),
      )
    }),
  ])
  const heads = [
    ...['s', 'due', 'acknowledged'],
    ...names.flatMap((name) => ['delivered', 'lag', 'retrying', 'p99 ms'].map((what) => `${name} ${what}`)),
  ]
  const caption = every === 1 ? 'Every sample' : `Every ${every}th sample of ${samples.length}, and the last`
  const found = table(
    caption,
    heads.map((head) => ({ head, isFigure: true })),
    rows,
  )
  return found && html`<details><summary>The figures as a table</summary>${found}</details>`
}
