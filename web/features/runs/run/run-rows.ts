import type { RunSample } from '#contracts/api/run.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import type { ChartRow } from '../../charts/series-look.ts'

/** Samples are taken once a second; a busy machine is late by a part of that. Milliseconds. */
const gapMs = 2_500

/** Groups that any sample speaks of, in a steady order. */
export const runGroupsOf = (samples: readonly RunSample[]): string[] =>
  [...new Set(samples.flatMap(({ groups }) => Object.keys(groups)))].sort()

/** The samples of a run, oldest first. */
export const samplesOf = (lines: readonly JournalLine[]): RunSample[] =>
  lines.flatMap((line) => (line.kind === 'sample' ? [line] : []))

/**
 * Samples as rows of charts, `at` in milliseconds into the run: `published`, and by group `delivered:` (both a second, from one sample to
 * the next), `lag:`, `retrying:`, `p50Ms:` and `p99Ms:`; of all groups together `delivered`, `unsettled`, `retrying` and `deadLettered`.
 * Where samples are further apart than they are taken, as during the audit, a row without values ends the lines: nothing is known between.
 */
export function runRows(samples: readonly RunSample[]): ChartRow[] {
  const groups = runGroupsOf(samples)
  return samples.flatMap((sample, index) => {
    const before = samples[index - 1]
    const seconds = Math.max(0.001, (sample.t - (before?.t ?? 0)) / 1_000)
    const of = (pick: (group: RunSample['groups'][string]) => number): number =>
      Object.values(sample.groups).reduce((sum, group) => sum + pick(group), 0)
    const row: ChartRow = {
      at: sample.t,
      published: Math.max(0, (sample.acked - (before?.acked ?? 0)) / seconds),
      delivered: of(({ delivered }) => delivered),
      unsettled: of(({ lag }) => lag),
      retrying: of(({ retrying }) => retrying),
      deadLettered: of(({ deadLettered }) => deadLettered),
    }
    for (const group of groups) {
      const now = sample.groups[group]
      const then = before?.groups[group]?.delivered ?? 0
      row[`delivered:${group}`] = now ? Math.max(0, (now.delivered - then) / seconds) : null
      row[`lag:${group}`] = now?.lag ?? null
      row[`retrying:${group}`] = now?.retrying ?? null
      row[`p50Ms:${group}`] = now?.p50Ms ?? null
      row[`p99Ms:${group}`] = now?.p99Ms ?? null
    }
    if (!before || sample.t - before.t <= gapMs) return [row]
    return [{ ...Object.fromEntries(Object.keys(row).map((key) => [key, null])), at: before.t + 1 }, row]
  })
}
