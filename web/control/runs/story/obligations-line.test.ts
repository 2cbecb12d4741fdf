import { expect, test } from 'vitest'
import type { GroupFigures, LedgerReport } from '#contracts/api/ledger.ts'
import { scriptedLab } from '../fixtures/scripted-lab.ts'
import { obligationsLine } from './anomaly-counts.ts'

const none = { topic: 'events', owed: 0, waiting: 0, handling: 0, retrying: 0, delivered: 0, dead_lettered: 0, lost: 0 }
const reportOf = (...groups: (Partial<GroupFigures> & { group: string })[]): LedgerReport => ({
  ...scriptedLab().lab.report(),
  groups: groups.map((group) => ({ ...none, ...group })),
})

test('what was unsettled when the run began, or was made good in it, is owed too, so that no more is delivered than owed', () => {
  const before = reportOf(
    { group: 'a', owed: 100, delivered: 80, waiting: 9, handling: 1, retrying: 3, dead_lettered: 5, lost: 2 },
    { group: 'b', owed: 10, delivered: 10 },
  )
  const after = reportOf(
    { group: 'a', owed: 140, delivered: 139, lost: 1 },
    { group: 'b', owed: 50, delivered: 45, dead_lettered: 5 },
    { group: 'c', owed: 3, delivered: 3 },
  )
  expect(obligationsLine(after, before, 7)).toEqual({
    ...{ kind: 'obligations', owed: 102, delivered: 97, deadLettered: 5, lost: 0, earlier: 19, others: 7 },
    groups: {
      a: { owed: 59, delivered: 59, deadLettered: 0, lost: 0 },
      b: { owed: 40, delivered: 35, deadLettered: 5, lost: 0 },
      c: { owed: 3, delivered: 3, deadLettered: 0, lost: 0 },
    },
  })
})
