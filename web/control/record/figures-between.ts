import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { RecordedFigures } from './file/scenario-text.ts'

/** What the ledger counted from one moment to another. */
export function figuresBetween(before: LedgerReport, after: LedgerReport): RecordedFigures {
  const groups: RecordedFigures['groups'] = {}
  for (const { group } of after.groups) groups[group] = { delivered: 0, deadLettered: 0, unsettled: 0 }
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
  for (const { group, waiting, handling, retrying } of after.groups) {
    const sums = groups[group]
    if (sums) sums.unsettled += waiting + handling + retrying
  }
  const acked = (report: LedgerReport): number => report.publishes.reduce((sum, row) => sum + row.acked, 0)
  return { acked: acked(after) - acked(before), groups }
}
