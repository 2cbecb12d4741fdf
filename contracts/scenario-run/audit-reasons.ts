import type { CheckResult, RunCheck } from '../api/run.ts'
import type { AuditLine } from './journal-line.ts'

/** What the audit at the end says against a run, beyond what its checks have said already. */
export interface AuditReasons {
  /** Promises that were broken, whether or not the scenario asks for them. */
  failures: string[]
  /** Why the verdict is inconclusive. */
  doubts: string[]
}

/**
 * Reasons that an audit alone gives. A scenario without `invariants` is held to them too: it never passes where the audit failed or was
 * left open. What a failed or undecided check of `plan` names already is not named twice.
 */
export function auditReasons(
  audit: AuditLine,
  plan: readonly RunCheck[],
  results: readonly CheckResult[],
): AuditReasons {
  const failed = new Set(results.flatMap(({ id, result }) => (result === 'fail' ? [id] : [])))
  const isReported = (says: (check: RunCheck) => boolean): boolean =>
    plan.some((check) => failed.has(check.id) && says(check))
  const isInvariant = (name: string) => (check: RunCheck) =>
    check.kind === 'invariant' && check.invariant.split(':')[0] === name
  const isAnomalyReported = (name: string): boolean =>
    isReported((check) => check.kind !== 'invariant' && check.condition.metric === `ledger.${name}`) ||
    (name === 'duplicate_effect' && isReported(isInvariant('single-effect')))
  const anomalies = Object.entries(audit.failing).flatMap(([name, count]) =>
    count > 0 && !isAnomalyReported(name) ? [`the audit found ${name}: ${count}`] : [],
  )
  const contradictions = audit.contradictions.map((detail) => `the witnesses contradict each other: ${detail}`)
  return {
    failures: [
      ...(isReported(isInvariant('at-least-once')) ? [] : [...anomalies, ...contradictions]),
      ...(isReported(isInvariant('conservation'))
        ? []
        : audit.breaches.map((breach) => `the books do not balance: ${breach}`)),
    ],
    doubts: doubtsOf(audit, results),
  }
}

/** An undecided invariant names every doubt of the audit. */
function doubtsOf({ drained, doubts, breaches }: AuditLine, results: readonly CheckResult[]): string[] {
  if (results.some(({ kind, result }) => kind === 'invariant' && result === 'inconclusive')) return []
  const found = breaches.map((breach) => breach.slice(breach.indexOf(': ') + 2))
  const others = doubts.filter((doubt) => !found.some((breach) => breach !== '' && doubt.includes(breach)))
  const isSaid = drained || others.some((doubt) => doubt.startsWith('not drained in time'))
  return [...(isSaid ? [] : ['the lab was not drained in time']), ...others]
}
