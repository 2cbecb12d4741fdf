import type { Condition, Run, RunCheck, RunSample } from '../api/run.ts'
import type { AuditLine, JournalLine } from './journal-line.ts'
import type { RecordedRun } from './recorded-run.ts'

/** A figure of two runs. */
export interface ComparedFigure {
  /** `delivery.latency.p99 consumer-db`. */
  name: string
  unit: 'ms' | 'messages' | 'count'
  a: number | null
  b: number | null
  /** Whether more of it is worse, or less; `neither`: a difference says something, but not that it got worse. */
  worse: 'more' | 'less' | 'neither'
  /** What the file asks of it, such as `<= 500`. */
  wanted?: string
}

/** Every figure by which two runs can be compared: those of the run, of each group, fault and check, and of the audit. */
export function comparedFigures(a: RecordedRun, b: RecordedRun): ComparedFigure[] {
  const of = (
    name: string,
    unit: ComparedFigure['unit'],
    worse: ComparedFigure['worse'],
    pick: (recorded: RecordedRun) => number | null | undefined,
  ): ComparedFigure => ({ name, unit, worse, a: pick(a) ?? null, b: pick(b) ?? null })
  const both = <Item>(pick: (recorded: RecordedRun) => readonly Item[]): Item[] => [
    ...new Set([...pick(a), ...pick(b)]),
  ]
  const groups = both(({ run }) => Object.keys(run.sample?.groups ?? {})).sort()
  const faults = both(({ run }) => run.faults.map(({ id }) => id))
  const anomalies = both((one) => Object.keys(auditOf(one)?.failing ?? {}))
  const writers = both((one) => Object.keys(auditOf(one)?.secondEffects ?? {}))
  return [
    of('publish.acked', 'messages', 'less', ({ run }) => run.sample?.acked),
    of('publish.failed', 'messages', 'more', ({ run }) => run.sample?.failed),
    of('publish.indeterminate', 'messages', 'more', ({ run }) => run.sample?.indeterminate),
    ...groups.flatMap((group) => [
      of(`delivery.latency.p50 ${group}`, 'ms', 'more', ({ run }) => run.sample?.groups[group]?.p50Ms),
      of(`delivery.latency.p99 ${group}`, 'ms', 'more', ({ run }) => run.sample?.groups[group]?.p99Ms),
      of(`consumer.delivered ${group}`, 'messages', 'less', ({ run }) => run.sample?.groups[group]?.delivered),
      of(`consumer.dead_lettered ${group}`, 'messages', 'more', ({ run }) => run.sample?.groups[group]?.deadLettered),
      of(`consumer.lag.peak ${group}`, 'messages', 'more', ({ lines }) => peakOf(lines, group, 'lag')?.value),
      of(`consumer.retrying.peak ${group}`, 'messages', 'more', ({ lines }) => peakOf(lines, group, 'retrying')?.value),
    ]),
    ...anomalies.map((name) =>
      of(`ledger.${name}`, 'messages', 'more', (one) =>
        found(auditOf(one), ({ failing }) => Object.entries(failing).find(([known]) => known === name)?.[1]),
      ),
    ),
    ...writers.map((group) =>
      of(`second_effects ${group}`, 'messages', 'more', (one) =>
        found(auditOf(one), ({ secondEffects }) => secondEffects[group]),
      ),
    ),
    ...faults.flatMap((id) => {
      const fault = ({ run }: RecordedRun) => run.faults.find((one) => one.id === id)
      return [
        of(`fault.observed ${id}`, 'ms', 'neither', (one) => fault(one)?.observedAt),
        of(`fault.lasted ${id}`, 'ms', 'neither', (one) => lastedOf(fault(one))),
      ]
    }),
    ...checkFigures(a, b),
    of('drain', 'ms', 'more', ({ run }) => drainMs(run)),
    of('took', 'ms', 'more', ({ run }) => (run.state === 'ended' ? run.elapsedMs : null)),
  ]
}

/** The audit of a run; undefined: none took place. */
export const auditOf = ({ lines }: RecordedRun): AuditLine | undefined =>
  lines.findLast((line): line is AuditLine => line.kind === 'audit')

/** What an audit did not find counts as 0; without an audit nothing is known. */
const found = (audit: AuditLine | undefined, pick: (audit: AuditLine) => number | undefined): number | null =>
  audit ? (pick(audit) ?? 0) : null

/** How long a fault was in effect; undefined: it never was, or it still is. */
export const lastedOf = (fault: Run['faults'][number] | undefined): number | undefined =>
  fault?.observedAt === undefined || fault.healedAt === undefined ? undefined : fault.healedAt - fault.observedAt

/** The greatest of a group's counts in the samples, with the number of its line from 1. */
export function peakOf(
  lines: readonly JournalLine[],
  group: string,
  count: 'lag' | 'retrying',
): { value: number; at: number; line: number } | undefined {
  let peak: { value: number; at: number; line: number } | undefined
  for (const [index, line] of lines.entries()) {
    const value = line.kind === 'sample' ? (line as RunSample).groups[group]?.[count] : undefined
    if (value !== undefined && (peak === undefined || value > peak.value)) peak = { value, at: line.t, line: index + 1 }
  }
  return peak
}

/** Milliseconds that the phases without a fixed length took; null: none has ended. */
export function drainMs({ phases }: Run): number | null {
  const drains = phases.filter(
    ({ durationMs, beganAt, endedAt }) => durationMs === undefined && beganAt !== undefined && endedAt !== undefined,
  )
  return drains.length === 0 ? null : drains.reduce((sum, { beganAt = 0, endedAt = 0 }) => sum + endedAt - beganAt, 0)
}

type WithCondition = Exclude<RunCheck, { kind: 'invariant' }>

/** Of each check that both have: its figures, and how long one after a fault took to hold. */
function checkFigures(a: RecordedRun, b: RecordedRun): ComparedFigure[] {
  const known = new Set(b.first.plan.checks.map(({ id }) => id))
  return a.first.plan.checks.flatMap((check) => {
    if (check.kind === 'invariant' || !known.has(check.id)) return []
    const { condition, id } = check
    const result = ({ run }: RecordedRun) => run.checks.find((one) => one.id === id)
    const names = [...new Set([a, b].flatMap((one) => Object.keys(result(one)?.values ?? {})))]
    const figures = names.map(
      (name): ComparedFigure => ({
        ...{ name: `check ${id}${name === '' ? '' : ` ${name}`}`, unit: unitOf(condition), worse: worseOf(check) },
        ...{ a: result(a)?.values[name] ?? null, b: result(b)?.values[name] ?? null },
        wanted: `${condition.op} ${condition.value}`,
      }),
    )
    if (check.kind !== 'after') return figures
    const heldAfter = (one: RecordedRun): number | null => {
      const { result: came, at } = result(one) ?? {}
      const healedAt = one.run.faults.find((fault) => fault.id === check.fault)?.healedAt
      return came !== 'pass' || at === undefined || healedAt === undefined ? null : Math.max(0, at - healedAt)
    }
    const wanted = `<= ${check.withinMs} ms`
    return [
      ...figures,
      { name: `held_after ${id}`, unit: 'ms', worse: 'more', a: heldAfter(a), b: heldAfter(b), wanted },
    ]
  })
}

const unitOf = ({ metric }: Condition): ComparedFigure['unit'] =>
  metric.includes('latency') ? 'ms' : metric.includes('rate') || metric.startsWith('service.') ? 'count' : 'messages'

/** Worse is what is nearer to breaking the check. */
function worseOf({ kind, condition: { op, value } }: WithCondition): ComparedFigure['worse'] {
  const isAbort = kind === 'abort'
  if (op === '<' || op === '<=') return isAbort ? 'less' : 'more'
  if (op === '>' || op === '>=') return isAbort ? 'more' : 'less'
  return op === '==' && value === 0 && !isAbort ? 'more' : 'neither'
}

/** By how much B is worse than A, as a share of A; 0 if it is not, infinite where A is 0 or B has lost the figure. */
export function worsening({ a, b, worse }: ComparedFigure): number {
  if (a === null || worse === 'neither') return 0
  // What B never came to is no better than any figure: a group without a latency has delivered nothing.
  if (b === null) return Number.POSITIVE_INFINITY
  const more = worse === 'more' ? b - a : a - b
  if (more <= 0) return 0
  return a === 0 ? Number.POSITIVE_INFINITY : more / a
}
