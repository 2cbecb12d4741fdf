import { randomBytes, randomInt } from 'node:crypto'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Fault, FaultInput } from '#contracts/faults/fault.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import { aimsAtBroker, carrierOf } from './broker-power.ts'
import { checkFault } from './check-fault.ts'
import { type Claim, claimOf, refuseConflicts } from './conflicts.ts'
import type { KeptFault } from './fault-store.ts'
import type { FaultTargets } from './fault-targets.ts'
import { ordersOf } from './held-faults.ts'
import { simulatedOf } from './simulator-work.ts'

const standingMax = 1_000

/** What a new fault is checked against. */
export interface FaultSurroundings {
  targets: FaultTargets
  /** Epoch milliseconds. */
  now: number
  accepts: (eventType: string, data: unknown) => boolean
  /** Whether the supervisor can stop that broker; else a fault of it cuts every link to it. */
  canPower: (broker: BrokerName) => boolean
  /** Whether a simulator serves that broker; else its faults are refused. */
  canSimulate: (broker: BrokerName) => boolean
  /** Faults in effect or scheduled. */
  standing: readonly KeptFault[]
}

/** A fault that is asked for, scheduled. Throws `invalid_fault`, `fault_not_possible`, `fault_conflict`. */
export function makeFault(
  input: FaultInput,
  { targets, now, accepts, canPower, canSimulate, standing }: FaultSurroundings,
): KeptFault {
  const checked = checkFault(input, { targets, now, drawSeed: () => randomInt(2 ** 31), accepts })
  const { definition, target, startAt, durationMs, percent, params, seed } = checked
  if (simulatedOf(definition.type) !== undefined && !canSimulate(targets.broker)) {
    const message = `${targets.broker} is not served by the simulator here, which alone can do it`
    throw inputProblem('fault_not_possible', [{ path: '/type', message }])
  }
  const byLinks = aimsAtBroker({ type: definition.type }) && !canPower(targets.broker)
  const claim: Claim = {
    ...{ type: definition.type, target, byLinks, startAt },
    endsAt: durationMs === undefined ? Number.POSITIVE_INFINITY : startAt + durationMs,
  }
  refuseConflicts(
    claim,
    standing.map((entry) => ({ fault: entry.fault, claim: claimOf(entry) })),
  )
  if (standing.length >= standingMax)
    throw new ApiProblem(
      'fault_conflict',
      `${standingMax} faults are in effect or scheduled, which is the limit; heal some first`,
    )
  const id = `f-${randomBytes(4).toString('hex')}`
  const how = carrierOf(definition.type, byLinks)?.how
  const fault: Fault = {
    ...{ id, type: definition.type, target, percent, params, seed },
    ...(checked.direction === undefined ? {} : { direction: checked.direction }),
    ...(how === undefined ? {} : { how }),
    ...{ state: 'scheduled', createdAt: iso(now), startAt: iso(startAt) },
    ...(durationMs === undefined ? {} : { durationMs, endsAt: iso(startAt + durationMs) }),
    ...{ hits: 0, messages: [], services: [] },
  }
  const entry: KeptFault = { fault, byLinks, hitsBy: {} }
  entry.fault.services = Object.keys(ordersOf(fault, targets, undefined, byLinks))
  return entry
}

const iso = (at: number): string => new Date(at).toISOString()
