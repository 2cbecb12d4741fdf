import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'
import { storySamples } from '#contracts/scenario-run/story-line.ts'

/** What the ledger has counted since the run began. */
export class AnomalyCounts {
  readonly #firstAt = new Map<string, number>()

  /** `at` is milliseconds into the run. */
  lines(report: LedgerReport, before: LedgerReport, at: number): LineWithoutTime[] {
    return report.anomalies.flatMap(({ name, count, failing, groups, samples }): LineWithoutTime[] => {
      const earlier = before.anomalies.find((anomaly) => anomaly.name === name)
      const more = count - (earlier?.count ?? 0)
      if (more <= 0) return []
      const firstAt = this.#firstAt.get(name) ?? at
      this.#firstAt.set(name, firstAt)
      const byGroup = Object.entries(groups).flatMap(([group, all]) => {
        const of = all - (earlier?.groups[group] ?? 0)
        return of > 0 ? [[group, of] as const] : []
      })
      return [
        {
          ...{ kind: 'anomaly', name, count: more, failing: failing - (earlier?.failing ?? 0), firstAt },
          groups: Object.fromEntries(byGroup),
          samples: samples.filter((id) => !earlier?.samples.includes(id)).slice(0, storySamples),
        },
      ]
    })
  }
}

/** What was owed since the run began, and what became of it. */
export function obligationsLine(report: LedgerReport, before: LedgerReport): LineWithoutTime {
  const groups: Record<string, { owed: number; delivered: number; deadLettered: number; lost: number }> = {}
  const total = { owed: 0, delivered: 0, deadLettered: 0, lost: 0 }
  const add = ({ groups: rows }: LedgerReport, sign: 1 | -1): void => {
    for (const { group, owed, delivered, dead_lettered, lost } of rows) {
      groups[group] ??= { owed: 0, delivered: 0, deadLettered: 0, lost: 0 }
      for (const sums of [groups[group], total]) {
        sums.owed += sign * owed
        sums.delivered += sign * delivered
        sums.deadLettered += sign * dead_lettered
        sums.lost += sign * lost
      }
    }
  }
  add(report, 1)
  add(before, -1)
  return { kind: 'obligations', ...total, groups }
}
