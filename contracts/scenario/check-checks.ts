import { nameRemedy } from '../yaml-document/closest-name.ts'
import type { FileProblem } from '../yaml-document/file-problem.ts'
import type { Draft, DraftItem } from './draft.ts'
import { metricNames, metricOf, metrics } from './metrics.ts'
import type { AbortFile, AssertionFile, SteadyFile } from './scenario-file.ts'
import { durationMs } from './values.ts'

/** Promises that the ledger checks; `single-effect` with the consumer that it is asked of. */
export const invariantNames = ['at-least-once', 'conservation', 'single-effect'] as const

/** What is impossible in steady state, assertions, abort conditions and invariants. */
export function checkChecks(draft: Draft): FileProblem[] {
  const { document, steadyState, assertions, abortOn, parts } = draft
  const all = [...steadyState, ...assertions, ...abortOn]
  return [
    ...all.flatMap((item) => checkCondition(draft, item)),
    ...assertions.flatMap((item) => checkTiming(draft, item)),
    ...(parts.invariants ?? []).flatMap((invariant, index) => {
      const [name = '', of] = invariant.split(':')
      const at = ['invariants', index]
      if (!(invariantNames as readonly string[]).includes(name))
        return [document.problemAt(at, `there is no invariant "${invariant}"`, nameRemedy(name, invariantNames))]
      if (name === 'single-effect' && !of)
        return [
          document.problemAt(at, 'it is not said whose effect is a single one', 'write single-effect:consumer-db'),
        ]
      if (name !== 'single-effect' && of !== undefined)
        return [document.problemAt(at, `${name} is of the whole lab`, `write ${name}`)]
      return []
    }),
  ]
}

function checkCondition(
  { document }: Draft,
  { value, path }: DraftItem<SteadyFile | AssertionFile | AbortFile>,
): FileProblem[] {
  const metric = metricOf(value.metric)
  if (!metric) {
    return [
      document.problemAt(
        [...path, 'metric'],
        `there is no metric "${value.metric}"`,
        nameRemedy(value.metric, metricNames),
      ),
    ]
  }
  const problems: FileProblem[] = []
  const isTime = metric.unit === 'ms'
  if (isTime && (typeof value.value !== 'string' || durationMs(value.value) === undefined)) {
    problems.push(document.problemAt([...path, 'value'], `${metric.name} is a time`, 'write a duration: 500ms'))
  }
  if (!isTime && typeof value.value !== 'number') {
    problems.push(
      document.problemAt([...path, 'value'], `${metric.name} is a number of ${metric.unit}`, 'write a number'),
    )
  }
  for (const kind of ['group', 'service', 'flow'] as const) {
    if (value[kind] === undefined || metric.per === kind) continue
    const of = metric.per === 'lab' ? 'the whole lab' : `a ${metric.per}`
    problems.push(
      document.problemAt(
        [...path, kind],
        `${metric.name} is of ${of}`,
        metric.per === 'lab' ? 'leave it out' : `write ${metric.per}`,
        'key',
      ),
    )
  }
  if (value.end !== undefined && !metric.byEnd) {
    const ended = metrics.filter(({ byEnd }) => byEnd).map(({ name }) => name)
    problems.push(
      document.problemAt([...path, 'end'], `${metric.name} has no ends`, `leave it out; ${ended} has some`, 'key'),
    )
  }
  return problems
}

function checkTiming({ document, named, phases }: Draft, { value, path }: DraftItem<AssertionFile>): FileProblem[] {
  const problems: FileProblem[] = []
  const say = (key: string, cause: string, remedy: string): void =>
    void problems.push(document.problemAt([...path, key], cause, remedy, 'key'))
  if (value.after !== undefined) {
    if (!named.faults.includes(value.after)) {
      problems.push(
        document.problemAt(
          [...path, 'after'],
          `there is no fault "${value.after}"`,
          nameRemedy(value.after, named.faults),
        ),
      )
    }
    if (value.within === undefined)
      say('after', 'how soon after the fault it has to hold is not said', 'add within: 30s')
    if (value.at !== undefined) say('at', 'at and after both say when', 'keep one of them')
  } else if (value.within !== undefined)
    say('within', 'within is the time after a fault', 'add after: and the id of the fault, or leave it out')
  if (value.phase === undefined) return problems
  if (value.at !== 'always' && value.at !== 'once')
    say('phase', 'phase is of a check that looks all the time', 'write at: always or at: once, or leave it out')
  if (!named.phases.includes(value.phase)) {
    const names = phases.map((item) => item.value.name)
    problems.push(
      document.problemAt([...path, 'phase'], `there is no phase "${value.phase}"`, nameRemedy(value.phase, names)),
    )
  }
  return problems
}
