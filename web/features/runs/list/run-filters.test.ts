import { expect, test } from 'vitest'
import type { RunItem } from '#contracts/api/run.ts'
import { chosenRuns, latestOf, runFiltersOf } from './run-filters.ts'

const item = (id: string, more: Partial<RunItem> = {}): RunItem => ({
  ...{ id, name: 'a', state: 'ended', seed: 1, broker: 'local', startedAt: '2026-01-01T00:00:00.000Z' },
  ...{ elapsedMs: 1_000, reasons: [], verdict: 'pass' },
  ...more,
})

test('runs are chosen by verdict, broker and scenario, as the address says', () => {
  const runs = [item('3', { verdict: 'fail' }), item('2', { broker: 'kafka' }), item('1', { name: 'b' })]
  const ids = (query: string) => chosenRuns(runs, runFiltersOf(new URLSearchParams(query))).map(({ id }) => id)
  expect(ids('')).toEqual(['3', '2', '1'])
  expect(ids('verdict=fail')).toEqual(['3'])
  expect(ids('on=local&of=a')).toEqual(['3'])
  expect(ids('of=c')).toEqual([])
})

test('a scenario is signed by its newest run that has ended', () => {
  const { verdict: _, ...running } = item('3', { state: 'running' })
  const latest = latestOf([running, item('2', { verdict: 'fail' }), item('1')])
  expect(latest.get('a')?.id).toBe('2')
})
