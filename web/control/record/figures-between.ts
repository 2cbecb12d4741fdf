import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { RecordedFigures } from './file/scenario-text.ts'

/** What the ledger counted from one moment to another; of what was unsettled, the more of the two moments. */
export function figuresBetween(before: LedgerReport, after: LedgerReport): RecordedFigures {
  const groups: RecordedFigures['groups'] = {}
  // What is left from before the recording is settled in it, and a run of its file does not have that.
  for (const { group } of after.groups)
    groups[group] = {
      ...{ delivered: 0, deadLettered: 0 },
      unsettled: Math.max(unsettledIn(before, group), unsettledIn(after, group)),
    }
  const add = (report: LedgerReport, sign: 1 | -1): void => {
    for (const { group, delivered, dead_lettered } of report.groups) {
      const sums = groups[group]
      if (!sums) continue
      sums.delivered += sign * delivered
      sums.deadLettered += sign * dead_lettered
    }
  }
  add(after, 1)
  add(before, -1)
  const acked = (report: LedgerReport): number => report.publishes.reduce((sum, row) => sum + row.acked, 0)
  return { acked: acked(after) - acked(before), groups }
}

const unsettledIn = ({ groups }: LedgerReport, name: string): number =>
  groups
    .filter(({ group }) => group === name)
    .reduce((sum, { waiting, handling, retrying }) => sum + waiting + handling + retrying, 0)
