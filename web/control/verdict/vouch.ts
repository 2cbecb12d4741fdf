import type { AuditReport } from '#contracts/api/audit.ts'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'

/** The ledger state that an audit's decisions change. */
export interface VouchBooks {
  report(): LedgerReport
  /** Throws if the disk does not take it. */
  resolve(decided: readonly Resolution[]): void
  now(): number
}

/**
 * Whether an audit accounts for everything: the witnesses were compared and agree, nothing is open, and nothing is wrong. What telemetry
 * failed to tell is then known from the others.
 */
export function accountsForAll({
  drained,
  disagreements,
  anomalies,
  publishes,
  groups,
  watermark,
}: AuditReport): boolean {
  return (
    drained &&
    disagreements.every(({ weight }) => weight === 'note') &&
    anomalies.every(({ failing }) => failing === 0) &&
    publishes.every(({ open, indeterminate }) => open + indeterminate === 0) &&
    groups.every(({ waiting, handling, retrying }) => waiting + handling + retrying === 0) &&
    watermark.sources.every(({ connected }) => connected)
  )
}

/** Enters that the audit was made. Answers its report, with the verdict of now where it made up for a gap of telemetry. */
export function enterAudit(report: AuditReport, { report: ledger, resolve, now }: VouchBooks): AuditReport {
  if (!report.drained) return report
  const accounts = accountsForAll(report)
  resolve([{ what: accounts ? 'vouched' : 'audited', id: '', at: now() }])
  return accounts && report.verdict.result === 'inconclusive' ? { ...report, verdict: ledger().verdict } : report
}
