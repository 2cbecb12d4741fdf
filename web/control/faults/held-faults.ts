import type { Carrier, Performer } from '#contracts/faults/define-fault.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import { carrierOf } from './broker-power.ts'
import type { FaultTargets, TargetService } from './fault-targets.ts'

/** A fault cut up: what the sidecar of each service has to hold. */
export type Orders = Record<string, HeldFault[]>

type Subject = Pick<Fault, 'id' | 'type' | 'target' | 'direction' | 'percent' | 'params' | 'seed'>

/** Where the supervisor stops the broker nobody holds anything; `byLinks`: every link to the broker is cut instead. */
export function ordersOf(fault: Subject, targets: FaultTargets, endsAt: number | undefined, byLinks: boolean): Orders {
  const { id, type, target, direction, percent, params, seed } = fault
  const held = (by: Performer, more: Partial<HeldFault> = {}): HeldFault => ({
    ...{ id, type, by, percent, params, seed },
    ...(direction === undefined ? {} : { direction }),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(target.instance === undefined ? {} : { instance: target.instance }),
    ...(target.eventType === undefined ? {} : { eventType: target.eventType }),
    ...more,
  })
  const instead = carrierOf(type, true)?.as
  if (instead !== undefined) {
    if (!byLinks) return {}
    return Object.fromEntries(
      targets.links
        .filter(({ end }) => end === 'broker')
        .map(({ id: linkId, service }) => [
          service,
          [held('sidecar-link', { type: instead.type, params: instead.params, link: linkId, direction: 'both' })],
        ]),
    )
  }
  if (target.link !== undefined) {
    const service = targets.links.find((link) => link.id === target.link)?.service
    return service === undefined ? {} : { [service]: [held('sidecar-link', { link: target.link })] }
  }
  const carrier = definitionOf(type)?.carriedBy.find(
    ({ at, where = {} }) => at in handledAt && Object.entries(where).every(([name, value]) => params[name] === value),
  )
  if (carrier === undefined) return {}
  const handles = handledAt[carrier.at] ?? (() => undefined)
  const concerned = targets.services.filter((service) => {
    const types = handles(service)
    if (target.service !== undefined) return service.name === target.service && types !== undefined
    return types !== undefined && (target.eventType === undefined || types.includes(target.eventType))
  })
  return Object.fromEntries(concerned.map(({ name }) => [name, [held(carrier.by)]]))
}

/** Which event types pass a worker where a fault is done to it; undefined if it is not one of those workers. */
const handledAt: Partial<Record<Carrier['at'], (service: TargetService) => readonly string[] | undefined>> = {
  workers: ({ subscribesTo }) => subscribesTo,
  // Any service that publishes is a producer of what it sends.
  producers: ({ sends }) => (sends.length > 0 ? sends : undefined),
  consumers: ({ kind, subscribesTo }) => (kind === 'consumer' ? subscribesTo : undefined),
}
