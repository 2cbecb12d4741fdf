import { parseExact } from '#contracts/events/exact-numbers.ts'
import { memberTexts } from '#contracts/events/json-text.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { BrokerSwitchboard } from '../broker/broker-switch.ts'
import type { Redrives } from '../dead-letters/redrives.ts'
import type { Faults } from '../faults/faults.ts'
import type { EventTypes } from '../lab/event-types.ts'
import type { Services } from '../lab/services.ts'
import type { Subscriptions } from '../lab/subscriptions.ts'
import { ApiProblem } from '../problem/problem.ts'
import type { Bursts } from '../publish/bursts.ts'
import type { PublishQueue } from '../publish/publish-queue.ts'
import type { Act } from './act.ts'
import { recordedSwitch } from './recorded-switch.ts'

/** The parts of the control plane by which a lab is used and changed. */
export interface ActedParts {
  queue: PublishQueue
  bursts: Bursts
  faults: Faults
  subscriptions: Subscriptions
  services: Services
  eventTypes: EventTypes
  redrives: Redrives
  broker: Pick<BrokerSwitchboard, 'request' | 'state' | 'latest'>
}

/** The same parts, which tell of everything that was asked of them and worked, at the time of asking. */
export function recordedParts(parts: ActedParts, tell: (act: Act) => void, now: () => number = Date.now): ActedParts {
  const { queue, bursts, faults, subscriptions, services, eventTypes, redrives, broker } = parts
  const heal = ({ id }: Fault, at: number): void => tell({ kind: 'heal', at, id })
  return {
    queue: {
      ...queue,
      async publish(event, bytes) {
        const at = now()
        const { type, body } = event
        const sent = (): void => tell({ kind: 'publish', at, type, body })
        try {
          const result = await queue.publish(event, bytes)
          sent()
          return result
        } catch (error) {
          // It may be in the broker.
          if (error instanceof ApiProblem && error.code === 'publish_indeterminate') sent()
          throw error
        }
      },
    },
    bursts: {
      ...bursts,
      async start(input, text) {
        const at = now()
        const burst = await bursts.start(input, text)
        const { type, ratePerSecond, requested: count, keys } = burst
        const data = text === undefined ? input.data : (parseExact(text) as typeof input.data)
        tell({
          ...{ kind: 'burst', at, id: burst.id, type, ratePerSecond, count },
          ...(keys === undefined ? {} : { keys }),
          ...(data === undefined ? {} : { data }),
        })
        return burst
      },
      async stop(id) {
        const at = now()
        const burst = await bursts.stop(id)
        if (burst.attempted < burst.requested) tell({ kind: 'burstEnd', at, id, attempted: burst.attempted })
        return burst
      },
    },
    faults: {
      ...faults,
      async inject(input) {
        const at = now()
        const fault = await faults.inject(input)
        const starts = Math.max(at, Date.parse(fault.startAt))
        const { id, type, target, percent, params, seed, direction, durationMs } = fault
        tell({
          ...{ kind: 'fault', at: starts },
          fault: {
            ...{ id, type, target, percent, params, seed },
            ...(direction === undefined ? {} : { direction }),
            ...(durationMs === undefined ? {} : { durationMs }),
          },
        })
        return fault
      },
      async heal(id) {
        const at = now()
        const wasOver = ['healed', 'failed'].includes(faults.list().find((one) => one.id === id)?.state ?? 'failed')
        const fault = await faults.heal(id)
        if (!wasOver) heal(fault, at)
        return fault
      },
      async healAll() {
        const at = now()
        const healed = await faults.healAll()
        for (const fault of healed) heal(fault, at)
        return healed
      },
    },
    subscriptions: {
      ...subscriptions,
      async change(consumer, input) {
        const at = now()
        const before = subscriptions.list().find((one) => one.consumer === consumer)?.eventTypes ?? []
        const changed = await subscriptions.change(consumer, input)
        tell({
          ...{ kind: 'subscription', at, consumer, change: input },
          added: changed.eventTypes.filter((type) => !before.includes(type)),
          removed: before.filter((type) => !changed.eventTypes.includes(type)),
        })
        return changed
      },
    },
    services: {
      ...services,
      async scale(service, replicas) {
        const at = now()
        const found = await services.scale(service, replicas)
        tell({ kind: 'scale', at, service, replicas })
        return found
      },
    },
    eventTypes: {
      ...eventTypes,
      async create(input, text) {
        const at = now()
        const made = await eventTypes.create(input, text)
        const texts = memberTexts(text ?? '{}')
        const exact = ({ schema, example }: typeof input) => ({
          schema: parseExact(texts.get('schema') ?? JSON.stringify(schema)) as typeof schema,
          example: parseExact(texts.get('example') ?? JSON.stringify(example)) as typeof example,
        })
        tell({ kind: 'eventType', at, input: { ...input, ...exact(input) } })
        return made
      },
      async replace(name, input, text) {
        const at = now()
        const made = await eventTypes.replace(name, input, text)
        tell({ kind: 'other', at, what: `the event type ${name} was changed; a step can only make one` })
        return made
      },
      async remove(name) {
        const at = now()
        await eventTypes.remove(name)
        tell({ kind: 'other', at, what: `the event type ${name} was removed; a step can only make one` })
      },
    },
    redrives: {
      ...redrives,
      async start(input, texts) {
        const at = now()
        const redrive = await redrives.start(input, texts)
        const { payload, change } = input
        if (input.dryRun) return redrive
        if (payload !== undefined || change !== undefined)
          tell({ kind: 'other', at, what: 'dead letters were edited and sent back; a step sends them as they were' })
        else tell({ kind: 'redrive', at, input })
        return redrive
      },
    },
    broker: recordedSwitch(broker, { bursts, tell, now }),
  }
}
