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

type Row = LedgerReport['groups'][number]
interface Sums {
  owed: number
  delivered: number
  deadLettered: number
  lost: number
}

/**
 * What was owed while the run went on, and what became of it. What was unsettled when it began was owed too, and so was a dead letter or a
 * lost message of before that was delivered after all: `earlier` says how many these are. `others`: messages that somebody else sent.
 */
export function obligationsLine(report: LedgerReport, before: LedgerReport, others: number): LineWithoutTime {
  const groups: Record<string, Sums> = {}
  const total: Sums = { owed: 0, delivered: 0, deadLettered: 0, lost: 0 }
  let earlier = 0
  for (const row of report.groups) {
    const former = before.groups.find(({ group, topic }) => group === row.group && topic === row.topic)
    const since = (pick: (row: Row) => number): number => pick(row) - (former ? pick(former) : 0)
    const [letters, losses] = [since((of) => of.dead_lettered), since((of) => of.lost)]
    const open = former ? former.waiting + former.handling + former.retrying : 0
    const owedBefore = open + Math.max(0, -letters) + Math.max(0, -losses)
    earlier += owedBefore
    const sums: Sums = {
      ...{ owed: since((of) => of.owed) + owedBefore, delivered: since((of) => of.delivered) },
      ...{ deadLettered: Math.max(0, letters), lost: Math.max(0, losses) },
    }
    groups[row.group] = added(groups[row.group], sums)
    Object.assign(total, added(total, sums))
  }
  return { kind: 'obligations', ...total, earlier, others, groups }
}

const added = (to: Sums | undefined, more: Sums): Sums => ({
  owed: (to?.owed ?? 0) + more.owed,
  delivered: (to?.delivered ?? 0) + more.delivered,
  deadLettered: (to?.deadLettered ?? 0) + more.deadLettered,
  lost: (to?.lost ?? 0) + more.lost,
})
