import { expect, test } from 'vitest'
import type { RunSample } from '#contracts/api/run.ts'
import { runGroupsOf, runRows, samplesOf } from './run-rows.ts'

const sample = (t: number, acked: number, delivered: number, lag: number, group = 'consumer-db'): RunSample => ({
  ...{ t, due: acked, sent: acked, acked, failed: 0, indeterminate: 0, refused: 0 },
  groups: { [group]: { lag, retrying: 1, delivered, deadLettered: 0, p50Ms: null, p99Ms: 12 } },
})

test('counts become rates from one sample to the next, however far apart', () => {
  const rows = runRows([sample(1_000, 50, 40, 10), sample(3_000, 150, 140, 10)])
  expect(rows.map(({ at, published }) => [at, published])).toEqual([
    [1_000, 50],
    [3_000, 50],
  ])
  expect(rows.map((row) => row['delivered:consumer-db'])).toEqual([40, 50])
  expect(rows[1]).toMatchObject({ 'lag:consumer-db': 10, 'p50Ms:consumer-db': null, unsettled: 10, delivered: 140 })
})

test('between samples that are far apart nothing is drawn', () => {
  const rows = runRows([sample(1_000, 50, 40, 10), sample(8_000, 50, 50, 0)])
  expect(rows.map((row) => [row.at, row['lag:consumer-db'], row.published])).toEqual([
    [1_000, 10, 50],
    [1_001, null, null],
    [8_000, 0, 0],
  ])
})

test('a group that is not there yet has a gap, and a count that starts again gives no negative rate', () => {
  const samples = [sample(1_000, 5, 5, 0), sample(2_000, 3, 2, 1, 'consumer-audit')]
  expect(runGroupsOf(samples)).toEqual(['consumer-audit', 'consumer-db'])
  const [first, second] = runRows(samples)
  expect(first?.['lag:consumer-audit']).toBeNull()
  expect(second?.published).toBe(0)
})

test('only samples are read of a journal', () => {
  const note = { kind: 'note', t: 1, text: '' } as const
  expect(samplesOf([note, { kind: 'sample', ...sample(1_000, 1, 1, 0) }])).toHaveLength(1)
})
