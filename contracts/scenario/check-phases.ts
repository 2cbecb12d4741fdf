import type { FileProblem } from '../yaml-document/file-problem.ts'
import { plannedArrivals } from './arrivals.ts'
import type { Draft, DraftItem } from './draft.ts'
import type { KeyChoice, PhaseFile } from './scenario-file.ts'
import { parseTemplate } from './template.ts'
import { durationInWords } from './values.ts'

/** More messages are a benchmark, not an experiment; bursts send those. */
export const maxArrivals = 1_000_000

/** What is impossible in phases and in the contents of their messages. */
export function checkPhases(draft: Draft): FileProblem[] {
  const { document, phases, parts } = draft
  const problems = phases.flatMap((item) => [
    ...checkPhase(draft, item),
    ...checkContents(draft, item.value, item.path),
  ])
  for (const [type, contents] of Object.entries(parts.events ?? {})) {
    problems.push(...checkContents(draft, contents, ['events', type]))
  }
  const total = phases.reduce((sum, { value }) => sum + plannedArrivals(value), 0)
  if (total > maxArrivals) {
    const cause = `the phases send ${Math.round(total)} messages, and a run has at most ${maxArrivals}`
    problems.push(document.problemAt(['phases'], cause, 'lower a rate or a duration', 'key'))
  }
  return problems
}

const hasSomethingToSee = ({ faults, assertions, problems }: Draft, phase: string): boolean =>
  // One that could not be read may be what is waited for.
  problems.length > 0 ||
  faults.some(({ value }) => value.phase === phase) ||
  assertions.some(({ value }) => value.phase === phase && value.at === 'once')

function checkPhase(draft: Draft, { value, path }: DraftItem<PhaseFile>): FileProblem[] {
  const { document } = draft
  const problems: FileProblem[] = []
  const say = (key: string | undefined, cause: string, remedy: string): void => {
    problems.push(document.problemAt(key === undefined ? path : [...path, key], cause, remedy, 'key'))
  }
  const { duration, until, timeout, arrivalRate, rampTo, spike, arrivals, type, types } = value
  if (duration === undefined && until === undefined)
    say(undefined, 'the phase has no end', 'add duration: 10s, or until: drained')
  if (duration !== undefined && until === 'drained')
    say('until', 'the phase has two ends', 'leave out duration or until; a limit of until is its timeout')
  if (until === undefined && timeout !== undefined)
    say('timeout', 'timeout is of a phase with until', 'leave it out, or write duration')
  if (duration === 0) say('duration', 'the phase lasts no time', 'write at least 1ms')
  if (until === 'drained' && arrivalRate !== undefined)
    say(
      'arrivalRate',
      'a phase that waits until nothing is left cannot send',
      'leave it out, or give the phase a duration',
    )
  if (until === 'observed' && arrivalRate !== undefined && duration === undefined)
    say('arrivalRate', 'how long the phase sends is not said', 'add duration: 5s; after it the phase only waits')
  if (until === 'observed' && !hasSomethingToSee(draft, value.name))
    say(
      'until',
      'nothing of the phase can be observed',
      `add a fault, or an assertion with at: once and phase: ${value.name}`,
    )
  if (arrivalRate === undefined) {
    for (const key of ['rampTo', 'spike', 'arrivals', 'type', 'types', 'data', 'keys'] as const) {
      if (value[key] !== undefined)
        say(key, `${key} is of messages, and the phase sends none`, 'add arrivalRate: 50, or leave it out')
    }
    return problems
  }
  if (type === undefined && types === undefined)
    say('arrivalRate', 'what is sent is not said', 'add type: order_placed')
  if (type !== undefined && types !== undefined)
    say('types', 'type and types both say what is sent', 'keep one of them')
  if (types !== undefined && Object.keys(types).length === 0)
    say('types', 'no type is named', 'write { order_placed: 1 }')
  if (rampTo !== undefined && spike !== undefined)
    say('spike', 'a ramp and a spike contradict each other', 'make two phases of them')
  if (arrivals === 'poisson' && spike !== undefined)
    say('arrivals', 'a spike has constant arrivals', 'leave out arrivals or spike')
  if (value.data !== undefined && types !== undefined)
    say('data', 'data is of one type, and the phase has several', 'write it under events, by type')
  if (spike !== undefined && duration !== undefined && spike.at + spike.for > duration)
    say(
      'spike',
      `the spike ends ${durationInWords(spike.at + spike.for - duration)} after its phase`,
      `end it within ${durationInWords(duration)}`,
    )
  if (spike !== undefined && spike.to <= arrivalRate)
    say('spike', 'the spike is not above arrivalRate', `write more than ${arrivalRate}`)
  return problems
}

function checkContents(
  { document }: Draft,
  { data, keys }: { data?: Record<string, unknown> | undefined; keys?: KeyChoice | undefined },
  path: readonly PropertyKey[],
): FileProblem[] {
  const problems: FileProblem[] = []
  const walk = (value: unknown, at: readonly PropertyKey[]): void => {
    if (typeof value === 'string') {
      for (const { cause, remedy } of parseTemplate(value).problems)
        problems.push(document.problemAt(at, cause, remedy))
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, [...at, index])
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(item, [...at, key])
    }
  }
  walk(data, [...path, 'data'])
  if (keys === undefined) return problems
  for (const [key, distribution] of [
    ['exponent', 'zipf'],
    ['hotShare', 'hot'],
  ] as const) {
    if (keys[key] === undefined || keys.distribution === distribution) continue
    problems.push(
      document.problemAt(
        [...path, 'keys', key],
        `${key} is of ${distribution} only`,
        `leave it out, or write distribution: ${distribution}`,
        'key',
      ),
    )
  }
  return problems
}
