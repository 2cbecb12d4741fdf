import type { Journey, Obligation } from '#contracts/api/journey.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import { isVictim, victimName } from '#contracts/faults/victims.ts'
import { begunAt, faultName, shortType, targetText } from '../../faults/fault-words.ts'

/** A fault while a message passed what it aimed at. Times are epoch milliseconds. */
export interface FaultSpan {
  id: string
  /** `kill`. */
  label: string
  /** `consumer-db-2`. */
  note: string
  /** `process.kill on consumer-db-2`. */
  name: string
  from: number
  to: number
}

/** When a fault was in effect; undefined if it never was in place. One that is in effect reaches to `now`. */
export function faultEffectOf(fault: Fault, now: number): { from: number; to: number } | undefined {
  const from = begunAt(fault)
  if (from === undefined || fault.state === 'failed') return undefined
  return { from, to: fault.healedAt === undefined ? Math.max(from, now) : Date.parse(fault.healedAt) }
}

/** Faults of a worker that could concern this message: its process, its links, the broker, and what hits messages of this type and name. */
export function faultsOn(
  service: string,
  instances: readonly string[],
  journey: Pick<Journey, 'id' | 'type' | 'broker' | 'headers'>,
  faults: readonly Fault[],
): Fault[] {
  return faults.filter(({ target, services, type, messages, percent, seed }) => {
    if (target.broker !== undefined) return target.broker === journey.broker
    if (!services.includes(service)) return false
    if (target.instance !== undefined && !instances.includes(target.instance)) return false
    if (target.eventType !== undefined && target.eventType !== journey.type) return false
    // The same draw as the worker's: a fault that spared this message is not part of its story.
    const byMessage = definitionOf(type)?.percentOf === 'messages'
    return (
      !byMessage ||
      messages.includes(journey.id) ||
      isVictim({ seed, percent }, victimName(journey.id, journey.headers.traceparent))
    )
  })
}

function spansOf(faults: readonly Fault[], from: number, to: number, now: number): FaultSpan[] {
  return faults
    .flatMap((fault): FaultSpan[] => {
      const effect = faultEffectOf(fault, now)
      if (effect === undefined || effect.to < from || effect.from > to) return []
      const { id, type, target } = fault
      return [
        {
          ...{ id, label: shortType(type), note: targetText(target), name: faultName(fault) },
          ...{ from: Math.max(from, effect.from), to: Math.min(to, effect.to) },
        },
      ]
    })
    .sort((a, b) => a.from - b.from)
}

/** Faults that were in effect at a group while the message was owed to it, between `from` and `to`. */
export function groupFaults(
  journey: Journey,
  { group, attempts }: Obligation,
  faults: readonly Fault[],
  time: { from: number; to: number; now: number },
): FaultSpan[] {
  const instances = attempts.map(({ instance }) => instance)
  return spansOf(faultsOn(group, instances, journey, faults), time.from, time.to, time.now)
}

/** Faults that were in effect at the producer while the publish was not answered. */
export function publishFaults(
  journey: Journey,
  faults: readonly Fault[],
  time: { from: number; to: number; now: number },
): FaultSpan[] {
  const instance = parseIdentity(journey.id)?.producer ?? ''
  const service = instance.replace(/-\d+$/, '')
  return spansOf(faultsOn(service, [instance], journey, faults), time.from, time.to, time.now)
}
