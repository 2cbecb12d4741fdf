import type { AuditReport } from '#contracts/api/audit.ts'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { AuditLine } from '#contracts/scenario-run/journal-line.ts'

/** What an audit says of a run alone: what the ledger had counted `before` it is taken off. `lost`: sidecars, in words. */
export function auditLineOf(
  report: AuditReport,
  { before, t, lost }: { before: LedgerReport; t: number; lost: readonly string[] },
): AuditLine {
  const counted = new Map(before.anomalies.map((anomaly) => [anomaly.name, anomaly]))
  const failing: AuditLine['failing'] = {}
  const secondEffects: Record<string, number> = {}
  for (const { name, failing: now, groups } of report.anomalies) {
    const earlier = counted.get(name)
    const more = now - (earlier?.failing ?? 0)
    if (more > 0) failing[name] = more
    if (name !== 'duplicate_effect') continue
    for (const [group, count] of Object.entries(groups)) secondEffects[group] = count - (earlier?.groups[group] ?? 0)
  }
  const hadFailed = before.verdict.result === 'fail'
  const names = report.anomalies.map(({ name }) => name)
  // The reasons of a failure are the anomalies, which are counted above; what is left leaves the matter open.
  const doubts = report.verdict.reasons.filter(
    (reason) => !names.some((name) => reason.startsWith(`${name}: `)) && !reason.startsWith('witnesses contradict'),
  )
  const contradictions = report.disagreements.flatMap(({ weight, kind, group, count, detail }) =>
    weight === 'fail' ? [`${kind}${group === undefined ? '' : ` of ${group}`}: ${count}: ${detail}`] : [],
  )
  return {
    ...{ kind: 'audit', t, drained: report.drained, failing, secondEffects },
    doubts: [
      ...lost,
      ...doubts,
      ...(hadFailed ? contradictions.map((one) => `also before this run the ledger had failed; ${one}`) : []),
    ],
    contradictions: hadFailed ? [] : contradictions,
    breaches: report.invariants
      .slice(0, 2)
      .flatMap(({ invariant, holds, breaches }) => (holds ? [] : [`${invariant}: ${breaches[0] ?? ''}`])),
  }
}
