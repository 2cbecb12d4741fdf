import type { Performer } from '#contracts/faults/define-fault.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { FaultGround, GroundService } from './fault-ground.ts'

/** A fault cut up: what the sidecar of each service has to hold. */
export type Orders = Record<string, HeldFault[]>

type Subject = Pick<Fault, 'id' | 'type' | 'target' | 'direction' | 'percent' | 'params' | 'seed'>

/** Where the supervisor stops the broker nobody holds anything; `byLinks`: every link to the broker is cut instead. */
export function ordersOf(fault: Subject, ground: FaultGround, endsAt: number | undefined, byLinks: boolean): Orders {
  const { id, type, target, direction, percent, params, seed } = fault
  const held = (by: Performer, more: Partial<HeldFault> = {}): HeldFault => ({
    ...{ id, type, by, percent, params, seed },
    ...(direction === undefined ? {} : { direction }),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(target.instance === undefined ? {} : { instance: target.instance }),
    ...(target.eventType === undefined ? {} : { eventType: target.eventType }),
    ...more,
  })
  const to = (services: readonly GroundService[], by: Performer): Orders =>
    Object.fromEntries(services.map(({ name }) => [name, [held(by)]]))

  if (type === 'broker.down' || type === 'broker.pause') {
    if (!byLinks) return {}
    const link =
      type === 'broker.down' ? { type: 'link.down', params: {} } : { type: 'link.timeout', params: { timeoutMs: 0 } }
    return Object.fromEntries(
      ground.links
        .filter(({ end }) => end === 'broker')
        .map(({ id: linkId, service }) => [
          service,
          [held('sidecar-link', { ...link, link: linkId, direction: 'both' })],
        ]),
    )
  }
  if (target.link !== undefined) {
    const service = ground.links.find((link) => link.id === target.link)?.service
    return service === undefined ? {} : { [service]: [held('sidecar-link', { link: target.link })] }
  }
  const services = ground.services.filter(({ name, takes }) =>
    target.service === undefined
      ? target.eventType === undefined || takes.includes(target.eventType)
      : name === target.service,
  )
  const producers = services.filter(({ kind }) => kind === 'producer')
  const consumers = services.filter(({ kind }) => kind === 'consumer')
  if (type.startsWith('process.') && type !== 'process.block') return to(services, 'sidecar-process')
  if (type === 'process.block') return to(services, 'runtime')
  if (type.startsWith('handler.')) return to(consumers, 'runtime')
  const consuming = params.stage === 'consume' || params.side === 'consume'
  return consuming ? to(consumers, 'runtime') : to(producers, 'producer')
}
