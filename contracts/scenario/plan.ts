import type { Condition, RunCheck, RunPhase } from '../api/run.ts'
import type { FaultInput } from '../faults/fault.ts'
import { definitionOf } from '../faults/fault-list.ts'
import { drawOf } from '../faults/victims.ts'
import { plannedArrivals } from './arrivals.ts'
import { readParams } from './fault-params.ts'
import { anomalyOf, metricOf } from './metrics.ts'
import type { AbortFile, AssertionFile, FaultFile, ScenarioFile, SteadyFile } from './scenario-file.ts'
import { durationInWords, durationMs } from './values.ts'

/** A fault of the file as the lab takes it. */
export interface PlannedFault {
  id: string
  phase: string
  /** Milliseconds into the phase. */
  startAtMs: number
  input: FaultInput & { seed: number }
  /** The phase whose end heals it; absent: it has an end of its own. */
  endsWith?: string
}

/** What a run is going to do. It follows from the file and the seed alone. */
export interface RunPlan {
  phases: RunPhase[]
  faults: PlannedFault[]
  checks: RunCheck[]
}

const defaultTimeoutMs = 60_000
const defaultSteadyMs = 10_000

/** Fixes everything random of a run: the same file and seed give the same plan. */
export function planOf(file: ScenarioFile, seed: number): RunPlan {
  return {
    phases: file.phases.map((phase) => ({
      name: phase.name,
      ...(phase.duration === undefined ? {} : { durationMs: phase.duration }),
      ...(phase.until === undefined ? {} : { until: phase.until, timeoutMs: phase.timeout ?? defaultTimeoutMs }),
      arrivals: plannedArrivals(phase),
    })),
    faults: file.faults.map((fault) => plannedFault(fault, seed)),
    checks: checksOf(file),
  }
}

/** The seed of a part of a run, from that of the run: 31 bits. */
export const seedOf = (seed: number, part: string): number => Math.floor(drawOf(seed, part) * 2 ** 31)

function plannedFault(fault: FaultFile, seed: number): PlannedFault {
  const definition = definitionOf(fault.type)
  const params = definition ? readParams(definition, fault.params ?? {}).params : {}
  const hasEnd =
    fault.duration !== undefined || definition?.lasts !== undefined || definition?.endsAfterHits !== undefined
  const endsWith = fault.through ?? (hasEnd ? undefined : fault.phase)
  const { target } = fault
  return {
    ...{ id: fault.id, phase: fault.phase, startAtMs: fault.startAt },
    ...(endsWith === undefined ? {} : { endsWith }),
    input: {
      type: fault.type,
      ...(target === undefined ? {} : { target: target.broker === 'any' ? { broker: 'broker' } : target }),
      ...(fault.direction === undefined ? {} : { direction: fault.direction }),
      ...(fault.percent === undefined ? {} : { percent: fault.percent }),
      ...(fault.duration === undefined ? {} : { durationMs: fault.duration }),
      params,
      seed: fault.seed ?? seedOf(seed, `fault ${fault.id}`),
    },
  }
}

function checksOf({ steadyState, invariants, assertions, abortOn }: ScenarioFile): RunCheck[] {
  return [
    ...steadyState.map(
      (check, index): RunCheck => ({
        ...{
          kind: 'steady',
          id: check.id ?? `steady-${index + 1}`,
          title: titleOf(check),
          condition: conditionOf(check),
        },
        withinMs: check.within ?? defaultSteadyMs,
      }),
    ),
    ...invariants.map(
      (invariant): RunCheck => ({ kind: 'invariant', id: invariant, title: invariantTitle(invariant), invariant }),
    ),
    ...assertions.map((check, index) => assertionOf(check, check.id ?? `assertion-${index + 1}`)),
    ...abortOn.map(
      (check, index): RunCheck => ({
        ...{
          kind: 'abort',
          id: check.id ?? `abort-${index + 1}`,
          title: titleOf(check),
          condition: conditionOf(check),
        },
      }),
    ),
  ]
}

function invariantTitle(invariant: string): string {
  const [name = '', consumer = ''] = invariant.split(':')
  if (name === 'at-least-once') return 'nothing that was acknowledged is lost'
  return name === 'conservation' ? 'the sums of the ledger add up' : `${consumer} makes each effect once`
}

function assertionOf(check: AssertionFile, id: string): RunCheck {
  const { after, within = 0, at, phase } = check
  const base = { id, condition: conditionOf(check) }
  if (after !== undefined) {
    const title = `${titleOf(check)} within ${durationInWords(within)} after ${after}`
    return { ...base, kind: 'after', title, fault: after, withinMs: within }
  }
  if (at !== 'always' && at !== 'once') return { ...base, kind: 'end', title: `${titleOf(check)} at the end` }
  const title = `${titleOf(check)} ${at}${phase === undefined ? '' : ` in ${phase}`}`
  return { ...base, kind: at, title, ...(phase === undefined ? {} : { phase }) }
}

function conditionOf({ metric, group, service, flow, end, op, value }: SteadyFile | AbortFile): Condition {
  const of = group ?? service ?? flow
  return {
    metric,
    ...(of === undefined || of === '*' ? {} : { of }),
    ...(end === undefined ? {} : { end }),
    op,
    value: typeof value === 'number' ? value : (durationMs(value) ?? 0),
  }
}

function titleOf({ metric, group, service, flow, end, op, value }: SteadyFile | AbortFile): string {
  const isOfAll = metricOf(metric)?.per === 'lab' || anomalyOf(metric) !== undefined
  const of = group ?? service ?? flow ?? (isOfAll ? undefined : '*')
  const by = end === undefined ? '' : ` by ${end}`
  return `${metric}${of === undefined ? '' : ` of ${of === '*' ? 'each' : of}`}${by} ${op} ${value}`
}
