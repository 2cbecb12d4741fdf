import { direction, type FaultDefinition, longestMs, type Side } from '#contracts/faults/define-fault.ts'
import type { Fault, FaultInput, FaultTarget } from '#contracts/faults/fault.ts'
import { definitionOf, faultList } from '#contracts/faults/fault-list.ts'
import { ApiProblem, type InputError, inputProblem } from '../problem/problem.ts'
import { inputErrors } from '../problem/zod-input-errors.ts'
import type { FaultTargets } from './fault-targets.ts'
import { resolveTarget } from './resolve-target.ts'

/** A fault that can be injected: checked, with every default filled in. */
export interface CheckedFault {
  definition: FaultDefinition
  target: FaultTarget
  direction?: Fault['direction']
  percent: number
  params: Record<string, unknown>
  seed: number
  /** Epoch milliseconds. */
  startAt: number
  /** Absent: until it is healed. */
  durationMs?: number
}

export interface CheckOptions {
  targets: FaultTargets
  now: number
  drawSeed: () => number
  /** Whether the schema of an event type takes this data. */
  accepts: (eventType: string, data: unknown) => boolean
}

/** A start that lies no further back than this is one by a clock that goes differently. */
const lateMs = 5_000
const seedMax = 2 ** 31 - 1

/** Throws `invalid_fault` or `fault_not_possible`, whose errors name each field and what it takes. */
export function checkFault(input: FaultInput, options: CheckOptions): CheckedFault {
  const { targets, now } = options
  const definition = definitionOf(input.type)
  if (!definition) {
    const types = faultList.map(({ type }) => type).join(', ')
    throw inputProblem('invalid_fault', [{ path: '/type', message: `there is no such fault; known: ${types}` }])
  }
  if (!definition.brokers.includes(targets.broker)) {
    const message = `does not exist on ${targets.broker}; it exists on ${definition.brokers.join(', ')}`
    throw inputProblem('fault_not_possible', [{ path: '/type', message }])
  }
  const target = resolveTarget(definition, input.target, targets)
  const errors: InputError[] = []
  const params = paramsOf(definition, input, target, targets, errors)
  const checked: CheckedFault = {
    definition,
    target,
    ...directionOf(definition, input, errors),
    percent: percentOf(definition, input, errors),
    params,
    seed: input.seed ?? options.drawSeed(),
    startAt: startOf(input, now, errors),
    ...durationOf(definition, input, params, errors),
  }
  if (input.seed !== undefined && !isWhole(input.seed, 0, seedMax))
    errors.push({ path: '/seed', message: `must be a whole number from 0 to ${seedMax}` })
  if (errors.length > 0) throw inputProblem('invalid_fault', errors)
  refuseImpossible(checked, options)
  return checked
}

/** What is wrong with a fault in this lab, found without injecting it; whether a schema takes what it breaks is not looked at. */
export function faultErrors(input: FaultInput, targets: FaultTargets): InputError[] {
  try {
    checkFault(input, { targets, now: Date.now(), drawSeed: () => 0, accepts: () => false })
    return []
  } catch (error) {
    if (error instanceof ApiProblem) return error.extra.errors ?? [{ path: '', message: error.message }]
    throw error
  }
}

function paramsOf(
  definition: FaultDefinition,
  input: FaultInput,
  target: FaultTarget,
  targets: FaultTargets,
  errors: InputError[],
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...input.params }
  const { lasts } = definition
  if (lasts !== undefined && given[lasts] === undefined && input.durationMs !== undefined)
    given[lasts] = input.durationMs
  const { side } = definition
  if (side?.fromTarget && given[side.param] === undefined) given[side.param] = sideOf(target, targets)
  const parsed = definition.params.safeParse(given, { reportInput: true })
  if (parsed.success) return parsed.data
  for (const { path, message } of inputErrors(definition.params, parsed.error)) {
    errors.push({ path: `/params${path}`, message: `${message}${rangeOf(definition, path)}` })
  }
  return {}
}

/** The unit of a param, to make a refusal complete. */
function rangeOf(definition: FaultDefinition, path: string): string {
  const field = definition.params.shape[path.slice(1)]
  const unit = field && 'meta' in field ? field.meta()?.unit : undefined
  return typeof unit === 'string' ? ` (${unit})` : ''
}

function sideOf(target: FaultTarget, targets: FaultTargets): Side {
  const name = target.service ?? targets.links.find(({ id }) => id === target.link)?.service
  return targets.services.find((service) => service.name === name)?.kind === 'producer' ? 'produce' : 'consume'
}

function directionOf(
  { directions, type }: FaultDefinition,
  input: FaultInput,
  errors: InputError[],
): Pick<CheckedFault, 'direction'> {
  if (directions === undefined) {
    if (input.direction !== undefined)
      errors.push({ path: '/direction', message: `${type} has no direction; leave it out` })
    return {}
  }
  const parsed = direction.safeParse(input.direction ?? directions[0])
  if (parsed.success && directions.includes(parsed.data)) return { direction: parsed.data }
  errors.push({ path: '/direction', message: `must be one of ${directions.join(', ')}` })
  return {}
}

function percentOf(
  { percentOf: of, type }: FaultDefinition,
  { percent = 100 }: FaultInput,
  errors: InputError[],
): number {
  if (!(percent >= 0 && percent <= 100)) errors.push({ path: '/percent', message: 'must be from 0 to 100' })
  else if (of === undefined && percent !== 100)
    errors.push({ path: '/percent', message: `${type} hits its whole target; leave percent out` })
  return percent
}

function startOf({ startAt }: FaultInput, now: number, errors: InputError[]): number {
  if (startAt === undefined) return now
  const at = Date.parse(startAt)
  const path = '/startAt'
  if (!/^\d{4}-\d\d-\d\dT/.test(startAt) || Number.isNaN(at))
    errors.push({ path, message: 'must be a time as in RFC 3339, for example 2026-01-31T12:00:00Z' })
  else if (at < now - lateMs) errors.push({ path, message: 'lies in the past; leave it out to begin at once' })
  else if (at > now + longestMs) errors.push({ path, message: 'lies more than a day ahead' })
  else return Math.max(at, now)
  return now
}

function durationOf(
  { lasts }: FaultDefinition,
  { durationMs }: FaultInput,
  params: Record<string, unknown>,
  errors: InputError[],
): Pick<CheckedFault, 'durationMs'> {
  if (durationMs !== undefined && !isWhole(durationMs, 1, longestMs)) {
    errors.push({ path: '/durationMs', message: `must be a whole number of milliseconds from 1 to ${longestMs}` })
    return {}
  }
  const byParams = lasts === undefined ? undefined : params[lasts]
  if (typeof byParams !== 'number') return durationMs === undefined ? {} : { durationMs }
  if (durationMs !== undefined && durationMs !== byParams && lasts === 'durationMs') {
    errors.push({
      path: '/params/durationMs',
      message: `contradicts durationMs, which is ${durationMs}; give one of them`,
    })
  }
  return { durationMs: Math.min(byParams, durationMs ?? byParams) }
}

const isWhole = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max

/** What is right in every field and cannot be all the same. */
function refuseImpossible({ definition, target, params }: CheckedFault, { targets, accepts }: CheckOptions): void {
  const refuse = (path: string, message: string): never => {
    throw inputProblem('fault_not_possible', [{ path, message }])
  }
  const { linksTo, side, breaksBody } = definition
  const link = targets.links.find(({ id }) => id === target.link)
  if (linksTo && link && link.end !== linksTo.end) {
    const ids = targets.links.filter(({ end }) => end === linksTo.end).map(({ id }) => id)
    refuse('/target/link', `${linksTo.because}; possible: ${ids.join(', ')}`)
  }
  const oneSided = target.link ?? target.service
  if (side && oneSided !== undefined) {
    const own = sideOf(target, targets)
    if (params[side.param] !== own) refuse(`/params/${side.param}`, side.refusal(oneSided, own))
  }
  const { eventType } = target
  if (eventType === undefined || target.service !== undefined) return
  if (breaksBody) {
    const example = targets.eventTypes.find(({ name }) => name === eventType)?.example ?? {}
    const broken = parsed(breaksBody.of(params, JSON.stringify(example)))
    if (broken && accepts(eventType, broken.value)) refuse(`/params/${breaksBody.param}`, breaksBody.refusal(eventType))
  }
  const byConsumers = definition.services === 'consumers' || params.stage === 'consume'
  const concerned = targets.services.some(
    ({ kind, subscribesTo }) => kind === 'consumer' && subscribesTo.includes(eventType),
  )
  if (byConsumers && !concerned) refuse('/target/eventType', `no consumer takes ${eventType}; subscribe one first`)
}

/** A text's JSON value; undefined if it is not JSON. */
function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
