import { expect, test } from 'vitest'
import type { RunSample } from '#contracts/api/run.ts'
import { twoRunsRows, twoSeries } from './two-runs-rows.ts'

const sample = (t: number, lag: number): RunSample => ({
  ...{ t, due: 0, sent: 0, acked: 0, failed: 0, indeterminate: 0, refused: 0 },
  groups: { db: { lag, retrying: 0, delivered: 0, deadLettered: 0, p50Ms: null, p99Ms: null } },
})

test('both runs have a value wherever either has a sample, and none before its begin or after its end', () => {
  const rows = twoRunsRows([sample(1_000, 10), sample(3_000, 30)], [sample(2_000, 5), sample(4_000, 9)])
  expect(rows.map((row) => [row.at, row['a lag:db'] ?? null, row['b lag:db'] ?? null])).toEqual([
    [1_000, 10, null],
    [2_000, 20, 5],
    [3_000, 30, 7],
    [4_000, null, 9],
  ])
})

test('A and B differ by letter and dash', () => {
  const [a, b] = twoSeries('lag', 'db', { a: 'Local', b: 'Redis' })
  expect([a?.label, b?.label]).toEqual(['A Local', 'B Redis'])
  expect([a?.look?.strokeDasharray, b?.look?.strokeDasharray]).toEqual([undefined, '5 3'])
})
