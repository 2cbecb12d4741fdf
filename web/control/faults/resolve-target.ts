import type { ErrorCode } from '#contracts/errors.ts'
import type { FaultDefinition, TargetKind } from '#contracts/faults/define-fault.ts'
import type { FaultInput, FaultTarget } from '#contracts/faults/fault.ts'
import { type ApiProblem, inputProblem } from '../problem/problem.ts'
import type { FaultTargets, TargetService } from './fault-targets.ts'

const kinds: TargetKind[] = ['service', 'instance', 'eventType', 'link', 'broker']

/** The target in full, of what was given for it. Throws `invalid_fault` or `fault_not_possible`. */
export function resolveTarget(
  definition: FaultDefinition,
  given: FaultInput['target'],
  targets: FaultTargets,
): FaultTarget {
  const target = typeof given === 'string' ? named(given, targets) : (given ?? defaultTarget(definition))
  const present = kinds.filter((kind) => target[kind] !== undefined)
  const wanted = `it aims at ${inWords(definition.targets)}`
  if (present.length === 0) throw refuse('invalid_fault', '', `is required: ${wanted}`)
  for (const kind of present) {
    const possible =
      definition.targets.includes(kind) || (kind === 'service' && definition.targets.includes('instance'))
    if (!possible)
      throw refuse('fault_not_possible', `/${kind}`, `${definition.type} cannot aim at ${word[kind]}; ${wanted}`)
  }
  if (present.length > 1 && (target.link !== undefined || target.broker !== undefined))
    throw refuse('invalid_fault', '', `give one target, not ${present.length}: a link or a broker is given alone`)
  if (target.broker !== undefined) return brokerOf(target.broker, targets)
  if (target.link !== undefined) return linkOf(target.link, targets)
  return workerOf(definition, target, targets)
}

/** Whether it is done to a process as a whole. */
export const isOfProcess = ({ carriedBy }: Pick<FaultDefinition, 'carriedBy'>): boolean =>
  carriedBy.every(({ at }) => at === 'workers')

const sharedReason = (name: string, what: 'process' | 'links'): string =>
  `${name} shares its ${what} with other simulated services, so this cannot be done to it alone; \`processes: own\` gives it a process, and links, of its own`

/** A name alone says what it names. */
function named(name: string, targets: FaultTargets): FaultTarget {
  if (name === 'broker') return { broker: targets.broker }
  if (name.includes('->')) return { link: name }
  if (targets.services.some((service) => service.name === name)) return { service: name }
  if (targets.services.some(({ instances }) => instances.includes(name))) return { instance: name }
  if (targets.eventTypes.some((type) => type.name === name)) return { eventType: name }
  throw refuse(
    'invalid_fault',
    '',
    `there is no service, replica, event type or link "${name.slice(0, 100)}"; ${known(targets)}`,
  )
}

function defaultTarget({ targets }: FaultDefinition): FaultTarget {
  return targets.length === 1 && targets[0] === 'broker' ? { broker: 'broker' } : {}
}

function brokerOf(name: string, { broker }: FaultTargets): FaultTarget {
  if (name !== 'broker' && name !== broker)
    throw refuse('invalid_fault', '/broker', `the lab runs on ${broker}; name that one, or leave the target out`)
  return { broker }
}

function linkOf(id: string, { links: all, services }: FaultTargets): FaultTarget {
  const links = all.filter((link) => !link.isShared)
  if (!links.some((link) => link.id === id)) {
    const sharing = services.find(({ name, isShared }) => isShared && id.startsWith(`${name}->`))
    if (sharing) throw refuse('fault_not_possible', '/link', sharedReason(sharing.name, 'links'))
    const ids = links.map((link) => link.id).join(', ')
    throw refuse('invalid_fault', '/link', `there is no link "${id.slice(0, 100)}"; known: ${ids}`)
  }
  return { link: id }
}

function workerOf(definition: FaultDefinition, target: FaultTarget, targets: FaultTargets): FaultTarget {
  const service = serviceOf(target, targets)
  if (service && definition.services !== undefined && definition.services !== `${service.kind}s`) {
    const others = targets.services.filter(({ kind }) => definition.services === `${kind}s`).map(({ name }) => name)
    throw refuse(
      'fault_not_possible',
      '/service',
      `${definition.type} is of ${definition.services} only; ${service.name} is a ${service.kind}. Possible: ${others.join(', ')}`,
    )
  }
  if (service?.isShared && isOfProcess(definition))
    throw refuse('fault_not_possible', '/service', sharedReason(service.name, 'process'))
  const { eventType } = target
  if (eventType !== undefined) {
    const names = targets.eventTypes.map(({ name }) => name)
    if (!names.includes(eventType))
      throw refuse(
        'invalid_fault',
        '/eventType',
        `there is no event type "${eventType.slice(0, 100)}"; known: ${names.join(', ')}`,
      )
    if (service && !service.subscribesTo.includes(eventType))
      throw refuse(
        'fault_not_possible',
        '/eventType',
        `${service.name} does not take ${eventType}; it takes ${service.subscribesTo.join(', ') || 'nothing'}`,
      )
  }
  return {
    ...(service === undefined ? {} : { service: service.name }),
    ...(target.instance === undefined ? {} : { instance: target.instance }),
    ...(eventType === undefined ? {} : { eventType }),
  }
}

function serviceOf({ service, instance }: FaultTarget, { services }: FaultTargets): TargetService | undefined {
  if (service === undefined && instance === undefined) return undefined
  const found = services.find(({ name, instances }) =>
    service === undefined ? instance !== undefined && instances.includes(instance) : name === service,
  )
  if (!found) {
    const instances = services.flatMap((entry) => entry.instances).join(', ')
    if (service === undefined)
      throw refuse(
        'invalid_fault',
        '/instance',
        `there is no replica "${instance?.slice(0, 100)}"; known: ${instances}`,
      )
    throw refuse(
      'invalid_fault',
      '/service',
      `there is no service "${service.slice(0, 100)}"; known: ${services.map(({ name }) => name).join(', ')}`,
    )
  }
  if (instance !== undefined && !found.instances.includes(instance))
    throw refuse(
      'invalid_fault',
      '/instance',
      `${found.name} has no replica "${instance.slice(0, 100)}"; known: ${found.instances.join(', ')}`,
    )
  return found
}

const word: Record<TargetKind, string> = {
  service: 'a service',
  instance: 'one replica',
  eventType: 'an event type',
  link: 'a link',
  broker: 'the broker',
}
const inWords = (targets: readonly TargetKind[]): string => targets.map((kind) => word[kind]).join(' or ')
const known = ({ services, links, eventTypes }: FaultTargets): string =>
  `known: ${[...services, ...eventTypes].map(({ name }) => name).join(', ')}, ${links.map(({ id }) => id).join(', ')}, broker`

function refuse(
  code: Extract<ErrorCode, 'invalid_fault' | 'fault_not_possible'>,
  path: string,
  message: string,
): ApiProblem {
  return inputProblem(code, [{ path: `/target${path}`, message }])
}
