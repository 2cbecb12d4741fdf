import type { CheckResult, RunCheck } from '../api/run.ts'
import { breaks, holds, valuesInWords } from './holds.ts'
import type { AuditLine, LineOf } from './journal-line.ts'

/** What was written down of the checks of a run. */
export interface CheckEvidence {
  /** By id of the check, in their order. */
  figures: ReadonlyMap<string, readonly LineOf<'check'>[]>
  audit: AuditLine | undefined
  /** Nothing more will be written: what was not decided stays open. */
  isOver: boolean
}

/** What a check came to, by its figures alone. */
export function resultOf(check: RunCheck, { figures, audit, isOver }: CheckEvidence): CheckResult {
  const base = { id: check.id, kind: check.kind, title: check.title, values: {} }
  if (check.kind === 'invariant') {
    if (!audit) return { ...base, ...open(isOver, 'the audit at the end did not take place') }
    return { ...base, ...invariantResult(check.invariant, audit), at: audit.t }
  }
  const lines = figures.get(check.id) ?? []
  const newest = lines.at(-1)
  const decided = decide(
    check,
    lines.filter(({ lateMs }) => lateMs === undefined),
  )
  const line = decided?.line ?? newest
  const values = line?.values ?? {}
  if (!decided) return { ...base, values, ...open(isOver, undecided(newest)) }
  const word = check.kind === 'abort' ? 'aborts at' : 'wanted'
  const detail = `${valuesInWords(values)}, ${word} ${check.condition.op} ${check.condition.value}`
  return { ...base, result: decided.result, values, detail, at: decided.line.t }
}

function undecided(newest: LineOf<'check'> | undefined): string {
  if (!newest) return 'it was never looked at'
  const { values, lateMs } = newest
  const late = lateMs === undefined ? '' : `, looked at ${Math.round(lateMs)} ms too late`
  return `not known: ${valuesInWords(values)}${late}`
}

const open = (isOver: boolean, detail: string): Pick<CheckResult, 'result' | 'detail'> =>
  isOver ? { result: 'inconclusive', detail } : { result: 'pending' }

type Decided = { result: 'pass' | 'fail'; line: LineOf<'check'> }

function decide(
  check: Exclude<RunCheck, { kind: 'invariant' }>,
  lines: readonly LineOf<'check'>[],
): Decided | undefined {
  const { condition, kind } = check
  const last = lines.findLast((line) => line.last)
  if (kind === 'abort') {
    const broken = lines.find(({ values }) => breaks(condition, values))
    if (broken) return { result: 'fail', line: broken }
    return last && { result: 'pass', line: last }
  }
  if (kind === 'always') {
    const broken = lines.find(({ values }) => holds(condition, values) === false)
    if (broken) return { result: 'fail', line: broken }
    return last && holds(condition, last.values) ? { result: 'pass', line: last } : undefined
  }
  if (kind === 'after' || kind === 'steady' || kind === 'once') {
    const held = lines.find(({ values }) => holds(condition, values) === true)
    if (held) return { result: 'pass', line: held }
    return last && holds(condition, last.values) === false ? { result: 'fail', line: last } : undefined
  }
  const held = last && holds(condition, last.values)
  return last && held !== undefined ? { result: held ? 'pass' : 'fail', line: last } : undefined
}

/** Whether a promise of the ledger was kept by what happened during the run. */
function invariantResult(invariant: string, audit: AuditLine): Pick<CheckResult, 'result' | 'detail'> {
  const [name, group = ''] = invariant.split(':')
  const counted = Object.entries(audit.failing).flatMap(([anomaly, count]) =>
    count > 0 ? [`${anomaly}: ${count}`] : [],
  )
  const unsure = [...(audit.drained ? [] : ['the lab was not drained in time']), ...audit.doubts]
  const found = {
    'at-least-once': [...counted, ...audit.contradictions],
    conservation: audit.breaches,
    'single-effect':
      (audit.secondEffects[group] ?? 0) > 0
        ? [`${audit.secondEffects[group]} effects of ${group} were made twice`]
        : [],
  }[name ?? '']
  if (found && found.length > 0) return { result: 'fail', detail: found.join('; ') }
  if (!found || unsure.length > 0) return { result: 'inconclusive', detail: unsure.join('; ') }
  return { result: 'pass', detail: 'three witnesses agree' }
}
