import type { FaultDefinition } from '../faults/define-fault.ts'
import { definitionOf, faultList } from '../faults/fault-list.ts'
import { nameRemedy } from '../yaml-document/closest-name.ts'
import type { FileProblem } from '../yaml-document/file-problem.ts'
import type { Draft, DraftItem } from './draft.ts'
import { readParams } from './fault-params.ts'
import type { FaultFile, StepFile } from './scenario-file.ts'
import { durationInWords } from './values.ts'

/** What is impossible in faults and steps as far as the file alone can say. */
export function checkFaults(draft: Draft): FileProblem[] {
  return [
    ...draft.faults.flatMap((item) => [
      ...checkPlace(draft, item),
      ...checkThrough(draft, item),
      ...checkFault(draft, item),
    ]),
    ...draft.steps.flatMap((item) => [...checkPlace(draft, item), ...checkStep(draft, item)]),
  ]
}

function checkPlace(
  { document, phases, named }: Draft,
  { value, path }: DraftItem<FaultFile | StepFile>,
): FileProblem[] {
  const { phase: name, startAt } = value
  if (!named.phases.includes(name)) {
    return [document.problemAt([...path, 'phase'], `there is no phase "${name}"`, nameRemedy(name, named.phases))]
  }
  const phase = phases.find((item) => item.value.name === name)?.value
  if (phase?.duration === undefined || startAt < phase.duration) return []
  const cause = `it begins ${durationInWords(startAt)} into a phase of ${durationInWords(phase.duration)}`
  return [document.problemAt([...path, 'startAt'], cause, `write less than ${durationInWords(phase.duration)}`)]
}

function checkThrough({ document, named }: Draft, { value, path }: DraftItem<FaultFile>): FileProblem[] {
  const { phase, through, duration } = value
  if (through === undefined) return []
  const at = [...path, 'through']
  if (!named.phases.includes(through))
    return [document.problemAt(at, `there is no phase "${through}"`, nameRemedy(through, named.phases))]
  if (named.phases.indexOf(through) < named.phases.indexOf(phase))
    return [document.problemAt(at, `${through} is over before ${phase} begins`, `write ${phase}, or a later phase`)]
  if (duration === undefined) return []
  return [document.problemAt(at, 'through and duration both say when it ends', 'keep one of them', 'key')]
}

function checkFault({ document }: Draft, { value, path }: DraftItem<FaultFile>): FileProblem[] {
  const definition = definitionOf(value.type)
  if (!definition) {
    const types = faultList.map(({ type }) => type)
    return [document.problemAt([...path, 'type'], `there is no fault "${value.type}"`, nameRemedy(value.type, types))]
  }
  const problems = readParams(definition, value.params ?? {}).problems.map(({ param, cause, remedy, at }) =>
    document.problemAt([...path, 'params', param], cause, remedy, at),
  )
  const { lasts, directions, percentOf, type } = definition
  const say = (key: string, cause: string, remedy: string): void =>
    void problems.push(document.problemAt([...path, key], cause, remedy))
  if (value.duration === 0) say('duration', 'the fault lasts no time', 'write at least 1ms, or leave it out')
  const ownDuration = lasts === 'durationMs' ? value.params?.duration : undefined
  if (ownDuration !== undefined && value.duration !== undefined)
    say('duration', 'its params say how long it lasts', 'leave out duration here or there')
  if (value.percent !== undefined && value.percent !== 100 && percentOf === undefined)
    say('percent', `${type} hits its whole target`, 'leave percent out')
  if (value.direction !== undefined && !directions?.includes(value.direction))
    say(
      'direction',
      `${type} has no direction "${value.direction}"`,
      directions ? `write one of ${directions.join(', ')}` : 'leave it out',
    )
  return [...problems, ...checkTarget(document, definition, value, path)]
}

function checkTarget(
  document: Draft['document'],
  { type, targets }: FaultDefinition,
  { target }: FaultFile,
  path: readonly PropertyKey[],
): FileProblem[] {
  const given = Object.keys(target ?? {})
  const kinds: readonly string[] = targets
  const wanted = `it aims at ${targets.join(' or ')}`
  if (given.length === 0) {
    return kinds.join() === 'broker'
      ? []
      : [document.problemAt(path, `"target" is missing`, `add target: { ${targets[0]}: … }; ${wanted}`)]
  }
  return given
    .filter((kind) => !kinds.includes(kind) && !(kind === 'service' && kinds.includes('instance')))
    .map((kind) => document.problemAt([...path, 'target', kind], `${type} cannot aim at ${kind}`, wanted, 'key'))
}

const actions = ['retryPolicy', 'replicas', 'subscribe', 'eventType', 'redrive', 'broker'] as const

function checkStep(draft: Draft, { value, path }: DraftItem<StepFile>): FileProblem[] {
  const { document } = draft
  const given = actions.filter((action) => value[action] !== undefined)
  if (given.length === 0) return [document.problemAt(path, 'the step does nothing', `add one of ${actions.join(', ')}`)]
  const stray = (key: keyof StepFile, of: keyof StepFile, cause: string): FileProblem[] =>
    value[key] === undefined || value[of] !== undefined
      ? []
      : [document.problemAt([...path, key], cause, `add ${of}, or leave it out`, 'key')]
  return [
    ...stray('consumer', 'retryPolicy', 'consumer says whose retryPolicy it is'),
    ...stray('abandon', 'broker', 'abandon is of a switch of the broker'),
    ...stray('timeout', 'broker', 'timeout is of a switch of the broker'),
    ...checkSwitch(draft, { value, path }),
  ]
}

function checkSwitch({ document, parts, phases }: Draft, { value, path }: DraftItem<StepFile>): FileProblem[] {
  const { broker, phase, timeout } = value
  if (broker === undefined) return []
  const problems: FileProblem[] = []
  const say = (key: string, cause: string, remedy: string): void =>
    void problems.push(document.problemAt([...path, key], cause, remedy))
  const allowed: readonly string[] = [parts.broker ?? 'any'].flat()
  if (!allowed.includes('any') && !allowed.includes(broker))
    say('broker', `the scenario is for ${allowed.join(', ')}`, `name ${broker} in "broker" of the scenario too`)
  if (phases.some(({ value: { name, arrivalRate } }) => name === phase && arrivalRate !== undefined))
    say(
      'phase',
      `${phase} sends messages, and none is taken while the lab moves`,
      'put the switch into a phase without arrivalRate',
    )
  if (timeout === 0) say('timeout', 'the switch has no time', 'write at least 1s, or leave it out')
  return problems
}
