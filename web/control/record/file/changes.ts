import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import type { Act, ActOf } from '../act.ts'
import { drainPhase, lasts, type PlannedPhase } from './phases.ts'
import type { RecordedSwitch } from './switches.ts'

/** Where in the phases a moment is. */
function placeOf(phases: readonly PlannedPhase[], at: number): { phase: string; startAt: string } | undefined {
  const phase = phases.findLast(({ from }) => from <= at) ?? phases[0]
  return (
    phase && { phase: phase.name, startAt: `${Math.max(0, Math.round(Math.min(at, phase.to - 1) - phase.from))}ms` }
  )
}

type Remark = (text: string) => void
type Entry = Record<string, unknown>

const stepsMost = 200
const faultsMost = 200

/** The faults as the file has them: one that was healed lasts until then, one that never began in the recording is left out. */
export function recordedFaultsOf(
  acts: readonly Act[],
  phases: readonly PlannedPhase[],
  lengthMs: number,
  { remark, wasSeen }: { remark: Remark; wasSeen: (fault: string) => boolean },
): Entry[] {
  const healOf = (id: string) => acts.find((act) => act.kind === 'heal' && act.id === id)
  const all = acts.filter((act): act is ActOf<'fault'> => {
    if (act.kind !== 'fault') return false
    const { at, fault } = act
    const isCancelled = (healOf(fault.id)?.at ?? Number.POSITIVE_INFINITY) <= at
    if (isCancelled) remark(`${fault.type}: it was healed before it began, so it is left out`)
    else if (at >= lengthMs) remark(`${fault.type}: it was to begin after the recording ended, so it is left out`)
    return !isCancelled && at < lengthMs
  })
  if (all.length > faultsMost)
    remark(`${all.length - faultsMost} faults are left out; a scenario has ${faultsMost} at most`)
  return all.slice(0, faultsMost).map(({ at, fault }, index) => {
    const { type, target, direction, percent, params, seed, durationMs } = fault
    const heal = healOf(fault.id)
    const definition = definitionOf(type)
    const lastsParam = definition?.lasts
    const planned = durationMs ?? (lastsParam === undefined ? undefined : Number(params[lastsParam]))
    const stood = heal === undefined ? planned : heal.at - at
    const endsByHits = stood === undefined && definition?.endsAfterHits !== undefined
    if (stood === undefined && !endsByHits)
      remark(`${type}: it was not healed while it was recorded, so it ends with the recording`)
    if (!wasSeen(fault.id))
      remark(`${type} was not seen to take effect while it was recorded; a run in which that is so too is inconclusive`)
    const length = Math.max(1, Math.round(stood ?? lengthMs - at))
    const ownEnd = heal !== undefined && lastsParam !== undefined ? { [lastsParam]: length } : {}
    const isInParams = lastsParam !== undefined || endsByHits
    return {
      ...{
        id: `${type.replace(/[^\w]/g, '-')}-${index + 1}`,
        type,
        target: target.broker === undefined ? target : { broker: 'any' },
        ...placeOf(phases, at),
      },
      ...(isInParams ? {} : { duration: `${length}ms` }),
      ...(direction === undefined ? {} : { direction }),
      ...(percent >= 100 ? {} : { percent: `${percent}%` }),
      params: inFile({ ...params, ...ownEnd }),
      ...{ seed },
    }
  })
}

/** Params of the API as a file has them: `restartAfterMs: 3000` is `restartAfter: 3000ms`. */
const inFile = (params: Readonly<Record<string, unknown>>): Entry =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) =>
      name.endsWith('Ms') && typeof value === 'number' ? [name.slice(0, -2), lasts(value)] : [name, value],
    ),
  )

/** The first phase from a moment on in which nothing is sent; the one at the end, which waits for a drained lab, if there is no other. */
function pauseOf(phases: readonly PlannedPhase[], at: number): { phase: string; startAt: string } {
  const pause = phases.find(({ to, body }) => to > at && body.arrivalRate === undefined)
  return pause
    ? { phase: pause.name, startAt: `${Math.max(0, Math.round(Math.min(at, pause.to - 1) - pause.from))}ms` }
    : { phase: drainPhase, startAt: '0ms' }
}

/** Changes of the lab as steps, in the order of their times. */
export function stepsOf(
  acts: readonly Act[],
  { phases, switches = [] }: { phases: readonly PlannedPhase[]; switches?: readonly RecordedSwitch[] },
  remark: Remark,
): Entry[] {
  const changes = acts.flatMap((act) =>
    stepBodies(act, remark).map((body) => ({ at: act.at, entry: { ...placeOf(phases, act.at), ...body } })),
  )
  const moves = switches.map(({ at, ...body }) => ({ at, entry: { ...pauseOf(phases, at), ...body } }))
  const all = [...changes, ...moves].sort((a, b) => a.at - b.at).map(({ entry }) => entry)
  if (all.length > stepsMost)
    remark(`${all.length - stepsMost} changes are left out; a scenario has ${stepsMost} steps at most`)
  return all.slice(0, stepsMost)
}

function stepBodies(act: Act, remark: Remark): Entry[] {
  const when = `at ${(act.at / 1_000).toFixed(1)} s`
  switch (act.kind) {
    case 'scale':
      return [{ replicas: { [act.service]: act.replicas } }]
    case 'eventType':
      return [{ eventType: act.input }]
    case 'subscription':
      return subscriptionSteps(act, (text) => remark(`${when} ${text}`))
    case 'redrive': {
      const { group, all, ratePerSecond } = act.input
      if (group === undefined && all === undefined) {
        remark(`${when} chosen dead letters were sent back; a scenario sends all of a group`)
        return []
      }
      const body = {
        ...(group === undefined ? {} : { group }),
        ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
      }
      return [{ redrive: body }]
    }
    case 'other':
      remark(`${when} ${act.what}`)
      return []
    default:
      return []
  }
}

function subscriptionSteps({ consumer, change, added, removed }: ActOf<'subscription'>, remark: Remark): Entry[] {
  if (removed.length > 0) remark(`${consumer} stopped taking ${removed.join(', ')}; a step can only add event types`)
  const types = Object.keys(change.retryPolicyByType ?? {})
  if (types.length > 0)
    remark(`the retry policy of ${consumer} for ${types.join(', ')} was changed; a step changes that for all types`)
  return [
    ...(change.retryPolicy === undefined ? [] : [{ consumer, retryPolicy: policyInFile(change.retryPolicy) }]),
    ...(added.length === 0 ? [] : [{ subscribe: { [consumer]: added } }]),
  ]
}

function policyInFile(policy: Partial<Record<keyof RetryPolicy, unknown>>): Entry {
  return inFile(Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)))
}
