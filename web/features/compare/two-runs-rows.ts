import type { RunSample } from '#contracts/api/run.ts'
import type { ChartRow, Series } from '../charts/series-look.ts'
import { runRows } from '../runs/run/run-rows.ts'

const looks = { a: { stroke: 'var(--series-1)' }, b: { stroke: 'var(--series-2)', strokeDasharray: '5 3' } } as const

/** A measure of one group in both runs: A solid, B dashed, with their letters. */
export const twoSeries = (measure: string, group: string, labels: { a: string; b: string }): Series[] =>
  (['a', 'b'] as const).map((side) => ({
    ...{ key: `${side} ${measure}:${group}`, label: `${side.toUpperCase()} ${labels[side]}`, look: looks[side] },
  }))

/**
 * The samples of both runs on one axis, each at its own time into its run: columns begin with `a ` or `b `. Where one run has a sample and the
 * other has none at that moment, the other's value lies on the line between its neighbours, so that both lines are whole.
 */
export function twoRunsRows(a: readonly RunSample[], b: readonly RunSample[]): ChartRow[] {
  const sides = { a: runRows(a), b: runRows(b) }
  const times = [...new Set([...sides.a, ...sides.b].map(({ at }) => at))].sort((x, y) => x - y)
  const rows = new Map(times.map((at): [number, ChartRow] => [at, { at }]))
  for (const side of ['a', 'b'] as const) {
    let next = 0
    for (const at of times) {
      while (next < sides[side].length && (sides[side][next]?.at ?? 0) < at) next += 1
      const [before, after] = [sides[side][next - 1], sides[side][next]]
      const row = rows.get(at)
      if (!row || !after) continue
      for (const key of Object.keys(after)) {
        if (key !== 'at') row[`${side} ${key}`] = between(before, after, key, at)
      }
    }
  }
  return [...rows.values()]
}

function between(before: ChartRow | undefined, after: ChartRow, key: string, at: number): number | null {
  const to = after[key] ?? null
  if (at === after.at) return to
  const from = before?.[key] ?? null
  if (!before || from === null || to === null) return null
  return from + ((to - from) * (at - before.at)) / (after.at - before.at)
}
