import { expect, test } from 'vitest'
import type { GroupFigures, LedgerReport } from '#contracts/api/ledger.ts'
import { scriptedLab } from '../runs/fixtures/scripted-lab.ts'
import { figuresBetween } from './figures-between.ts'

const none = { topic: 'events', owed: 0, waiting: 0, handling: 0, retrying: 0, delivered: 0, dead_lettered: 0, lost: 0 }
const reportOf = (...groups: (Partial<GroupFigures> & { group: string })[]): LedgerReport => ({
  ...scriptedLab().lab.report(),
  groups: groups.map((group) => ({ ...none, ...group })),
})

test('a group is unsettled where it was not done when the recording began, or when it ended', () => {
  const { groups } = figuresBetween(
    reportOf(
      { group: 'left-over', waiting: 3, handling: 1, delivered: 5 },
      { group: 'left-over', topic: 'others', retrying: 2 },
      { group: 'left-open' },
      { group: 'done', delivered: 7, dead_lettered: 1 },
    ),
    reportOf(
      { group: 'left-over', delivered: 9 },
      { group: 'left-over', topic: 'others', dead_lettered: 2 },
      { group: 'left-open', waiting: 4 },
      { group: 'done', delivered: 9, dead_lettered: 1 },
      { group: 'new', delivered: 1 },
    ),
  )
  expect(groups).toEqual({
    'left-over': { delivered: 4, deadLettered: 2, unsettled: 6 },
    'left-open': { delivered: 0, deadLettered: 0, unsettled: 4 },
    done: { delivered: 2, deadLettered: 0, unsettled: 0 },
    new: { delivered: 1, deadLettered: 0, unsettled: 0 },
  })
})
