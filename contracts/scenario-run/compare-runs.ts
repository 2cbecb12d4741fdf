import type { RunVerdict } from '../api/run.ts'
import { type ComparedFigure, comparedFigures } from './compared-figures.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './findings.ts'
import type { RecordedRun } from './recorded-run.ts'

/** What differs between two runs. */
export interface RunComparison {
  verdicts: { a: RunVerdict | undefined; b: RunVerdict | undefined }
  figures: ComparedFigure[]
  /** Checks whose results differ. */
  checks: { id: string; a: string; b: string }[]
  /** Why the two cannot be compared as they are; empty if they can. */
  remarks: string[]
  /** What differs and why, as far as the two journals say it; each with its lines. */
  findings: Finding[]
}

/** Compares two runs by their journals alone. */
export function compareRuns(a: RecordedRun, b: RecordedRun): RunComparison {
  const results = new Map(b.run.checks.map(({ id, result }) => [id, result]))
  const figures = comparedFigures(a, b)
  return {
    verdicts: { a: a.run.verdict, b: b.run.verdict },
    figures,
    checks: a.run.checks.flatMap(({ id, result }) => {
      const other = results.get(id)
      return other === undefined || other === result ? [] : [{ id, a: result, b: other }]
    }),
    remarks: remarksOf(a, b),
    findings: findingsOf(a, b, figures),
  }
}

function remarksOf({ run: a, first: fileA }: RecordedRun, { run: b, first: fileB }: RecordedRun): string[] {
  return [
    ...(a.name === b.name ? [] : [`they are runs of two scenarios: ${a.name} and ${b.name}`]),
    ...(a.name !== b.name || fileA.scenario === fileB.scenario ? [] : ['their files are not the same text']),
    ...(a.seed === b.seed ? [] : [`A has the seed ${a.seed}, B ${b.seed}`]),
    ...(a.eventsDigest === b.eventsDigest ? [] : ['they did not send the same messages']),
    ...(a.broker === b.broker ? [] : [`A ran on ${a.broker}, B on ${b.broker}`]),
    ...(a.version === b.version ? [] : [`A is of version ${a.version}, B of ${b.version}`]),
    ...(a.lab === b.lab ? [] : [`A ran in ${labWords(a.lab)}, B in ${labWords(b.lab)}`]),
  ]
}

const labWords = (lab: string | undefined): string => (lab === undefined ? 'a lab without a name' : `the lab ${lab}`)
