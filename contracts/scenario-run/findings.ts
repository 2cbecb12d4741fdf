import type { ComparedFigure } from './compared-figures.ts'
import type { Finding } from './finding.ts'
import { givenUpFindings, slower } from './group-findings.ts'
import type { RecordedRun } from './recorded-run.ts'
import { audits, cuts, drains, faultFindings, settings, verdicts } from './run-findings.ts'

/**
 * What differs between two runs and why: rules over the lines of the two journals, unlike things first. A cause is named only where lines say
 * it; a finding without a line is left out.
 */
export function findingsOf(a: RecordedRun, b: RecordedRun, figures: readonly ComparedFigure[]): Finding[] {
  const pair = { a, b }
  const groups = [...new Set([a, b].flatMap(({ run }) => Object.keys(run.sample?.groups ?? {})))].sort()
  return [
    ...settings(pair),
    ...verdicts(pair),
    ...cuts(pair),
    ...faultFindings(pair),
    ...groups.flatMap((group) => slower(pair, group, figures)),
    ...groups.flatMap((group) => givenUpFindings(pair, group)),
    ...drains(pair),
    ...audits(pair),
  ].filter(({ evidence }) => evidence.length > 0)
}
