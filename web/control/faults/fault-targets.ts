import type { ServiceStatus } from '#contracts/api/live.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { effects } from '#contracts/effects/effect-list.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { consumersIn, isShared, producersOf, sharedHost } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import type { DeclaredLab } from '../lab/declared-lab.ts'

/** A worker that faults can aim at. */
export interface TargetService {
  name: string
  kind: 'producer' | 'consumer'
  instances: string[]
  /** Event types that reach it. */
  subscribesTo: string[]
  /** Event types that it publishes. */
  sends: string[]
  /** It shares its process, and the links of that, with others: what is done to these cannot be done to it alone. */
  isShared?: true
}

export interface TargetLink {
  /** `consumer-db->broker`. */
  id: string
  service: string
  /** `broker`, or the link of an effect. */
  end: string
  /** Of the one process that hosts several services: none can have a fault of it alone. */
  isShared?: true
}

/** What faults can aim at in the running lab. */
export interface FaultTargets {
  broker: BrokerName
  services: TargetService[]
  links: TargetLink[]
  eventTypes: EventTypeDefinition[]
}

/** Far ends of links: the broker, where effects are made, and a program that runs elsewhere. */
const ends = ['broker', ...effects.map(({ link }) => link), 'url']

/** Replicas are those that a sidecar reports; before it does, those that are declared. */
export function faultTargets(
  declaration: Pick<LabDeclaration, 'services'>,
  lab: DeclaredLab,
  statuses: readonly ServiceStatus[],
  broker: BrokerName,
): FaultTargets {
  const byName = new Map(statuses.map((status) => [status.name, status]))
  const instancesOf = (name: string, replicas: number): string[] => {
    const known = byName.get(name)?.replicas.map(({ instance }) => instance) ?? []
    return known.length > 0 ? known : Array.from({ length: replicas }, (_, index) => `${name}-${index + 1}`)
  }
  const types = lab.eventTypes.map(({ name }) => name)
  const subscribed = new Map(lab.subscriptions.map(({ consumer, eventTypes }) => [consumer, eventTypes]))
  const services: TargetService[] = [
    // A source publishes whatever somebody asks for.
    ...producersOf(declaration).map(({ name, replicas }) => ({
      ...{ name, kind: 'producer' as const, instances: instancesOf(name, replicas), sends: types },
      subscribesTo: types,
    })),
    ...consumersIn(declaration).map((service) => ({
      ...{ name: service.name, kind: 'consumer' as const, sends: service.sends },
      instances: instancesOf(service.name, service.replicas),
      subscribesTo: subscribed.get(service.name) ?? [],
      ...(isShared(service) ? { isShared: true as const } : {}),
    })),
  ]
  const links: TargetLink[] = services.flatMap(({ name, isShared: shares }) =>
    shares ? [] : [{ id: `${name}->broker`, service: name, end: 'broker' }],
  )
  if (services.some((service) => service.isShared))
    links.push({ id: `${sharedHost}->broker`, service: sharedHost, end: 'broker', isShared: true })
  for (const { name, effect } of consumersIn(declaration)) {
    if (effect) {
      const { link } = effectOf(effect.kind)
      links.push({ id: `${name}->${link}`, service: name, end: link })
    }
  }
  // A worker whose effect is not declared has links that only its sidecar knows of.
  for (const { name, links: known } of statuses) {
    for (const { id } of known) {
      const end = ends.find((candidate) => id === `${name}->${candidate}`)
      if (end && !links.some((link) => link.id === id)) links.push({ id, service: name, end })
    }
  }
  return { broker, services, links, eventTypes: lab.eventTypes }
}
