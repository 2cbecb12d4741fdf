import { expect, test } from 'vitest'
import { type Outcome, outcomeRows } from './outcomes.ts'

const round = (tookMs: number, problems: string[] = []): Outcome => ({
  ...{ scenario: 'a', broker: 'local', tookMs, problems },
  verdict: problems.length === 0 ? 'pass' : 'fail',
})
const twin = (problems: string[]): Outcome => ({
  ...round(9_000, problems),
  ...{ verdict: 'fail', twin: { defect: 'skip-inbox', reason: 'duplicate_effect' } },
})

test('rounds of a scenario are one line: how many passed, and their spread; a twin is no round', () => {
  expect(outcomeRows([round(3_000), round(1_000), round(2_040, ['x']), twin([])])).toEqual([
    ['a', 'local', '2 of 3', '1.0, 2.0, 3.0', 'skip-inbox', 'duplicate_effect'],
  ])
})

test('a twin that was not caught says so, and each broker has a line of its own', () => {
  expect(outcomeRows([twin(['it passed']), { ...round(1_000), broker: 'kafka' }])).toEqual([
    ['a', 'local', '', '', 'skip-inbox', 'NOT duplicate_effect'],
    ['a', 'kafka', '1 of 1', '1.0, 1.0, 1.0', '', ''],
  ])
})
