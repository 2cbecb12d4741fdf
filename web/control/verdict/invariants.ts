import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { AnomalyBook } from '../ledger/anomaly-book.ts'
import { obligationCounts, publishOutcomes } from '../ledger/counters.ts'
import type { Ledger } from '../ledger/ledger.ts'

type InvariantCheck = LedgerReport['invariants'][number]

/** Lines about one invariant at most: what is broken once is broken everywhere. */
const breachLimit = 10

/**
 * The model's invariants over the running counts. Both sides of each equation are counted on ways of their own: a message
 * that one of them misses shows as a difference. `flows`: lines about flows that do not add up; absent if no flow is declared.
 */
export function checkInvariants(ledger: Ledger, anomalies: AnomalyBook, flows?: readonly string[]): InvariantCheck[] {
  const publishes: string[] = []
  for (const [topic, type, counts] of ledger.publishes.entries()) {
    const parts = publishOutcomes.map((name) => counts[name])
    check(publishes, `${topic}, type ${type}: attempted`, counts.attempted, 'the sum of its outcomes', parts)
  }
  const groups: string[] = []
  for (const [topic, group, counts] of ledger.groups.entries()) {
    const parts = obligationCounts.map((name) => counts[name])
    check(groups, `${group} from ${topic}: owed`, counts.owed, 'the sum of its states', parts)
    const { expected, unexpected } = counts
    check(groups, `${group} from ${topic}: owed`, counts.owed, 'acked + recovered + unheard of', [expected, unexpected])
  }
  const skipped = (['premature_commit', 'lost_message'] as const).flatMap((name) => {
    const count = anomalies.count(name)
    return count > 0 ? [`${name}: ${count}`] : []
  })
  const effects = anomalies.failing.flatMap(({ name, count }) =>
    name === 'duplicate_effect' ? [`duplicate_effect: ${count} where a single effect is promised`] : [],
  )
  return [
    checked('publishes add up', publishes),
    checked('obligations add up', groups),
    checked('nothing is passed over', skipped),
    checked('one effect each', effects),
    ...(flows ? [checked('flows add up', [...flows])] : []),
  ]
}

function check(breaches: string[], what: string, count: number, of: string, parts: readonly number[]): void {
  const sum = parts.reduce((total, part) => total + part, 0)
  if (count !== sum) breaches.push(`${what} ${count}, ${of} ${sum}`)
  else if (parts.some((part) => part < 0)) breaches.push(`${what} ${count}, and a part of ${of} is below zero`)
}

const checked = (invariant: InvariantCheck['invariant'], breaches: string[]): InvariantCheck => ({
  invariant,
  holds: breaches.length === 0,
  breaches: breaches.slice(0, breachLimit),
})
