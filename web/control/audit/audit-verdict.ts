import type { Undrained } from '#contracts/api/audit.ts'
import type { LedgerVerdict } from '#contracts/api/ledger.ts'
import type { Findings } from './findings.ts'

/** The ledger's verdict, and what three witnesses add to it. Findings that are only noted change nothing. */
export function auditVerdict(
  { result, reasons: known, notes }: LedgerVerdict,
  undrained: readonly Undrained[],
  findings: Findings,
): LedgerVerdict {
  const reasons = [...known]
  const beside = notes === undefined ? {} : { notes }
  const failed = findings.count('fail')
  const doubtful = findings.count('doubt')
  if (undrained.length > 0) {
    reasons.unshift(`not drained in time, so the witnesses were not compared: ${undrained.map(inWords).join('; ')}`)
  }
  if (doubtful > 0) reasons.unshift(`witnesses differ, or one is missing, on ${doubtful} matters`)
  if (failed > 0) reasons.unshift(`witnesses contradict each other on ${failed} messages or counts`)
  if (result === 'fail' || failed > 0) return { result: 'fail', reasons, ...beside }
  const isOpen = result === 'inconclusive' || undrained.length > 0 || doubtful > 0
  return { result: isOpen ? 'inconclusive' : 'pass', reasons, ...beside }
}

const inWords = ({ group, detail }: Undrained): string => (group === undefined ? detail : `${group}: ${detail}`)
