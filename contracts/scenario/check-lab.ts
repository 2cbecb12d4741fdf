import { nameRemedy } from '../yaml-document/closest-name.ts'
import { type FileProblem, inFileOrder } from '../yaml-document/file-problem.ts'
import type { Scenario } from './read-scenario.ts'

/** What a lab has that a scenario can name. */
export interface ScenarioTargets {
  /** Absent: the lab has no name. */
  lab?: string | undefined
  broker: string
  /** Brokers that it can be switched to, and why not to others. */
  brokers: readonly { name: string; ready: boolean; reason?: string | undefined }[]
  services: readonly {
    name: string
    kind: 'producer' | 'consumer'
    instances: readonly string[]
    /** It shares its process and links with others. */
    isShared?: true
  }[]
  /** `consumer-db->database`. */
  links: readonly string[]
  eventTypes: readonly string[]
  flows: readonly { name: string; ends: readonly string[] }[]
}

/** What a scenario names that the lab does not have. In the order of the file. */
export function checkAgainstLab({ file, document }: Scenario, targets: ScenarioTargets): FileProblem[] {
  const problems: FileProblem[] = []
  const consumers = targets.services.flatMap(({ name, kind }) => (kind === 'consumer' ? [name] : []))
  const services = targets.services.map(({ name }) => name)
  const flowNames = targets.flows.map(({ name }) => name)
  const made = file.steps.flatMap(({ eventType }) => eventType?.name ?? [])
  const types = [...targets.eventTypes, ...made]
  const switchedTo = file.steps.flatMap(({ broker }) => broker ?? [])
  const look = (
    name: string | undefined,
    known: readonly string[],
    what: string,
    path: readonly PropertyKey[],
    at: 'key' | 'value' = 'value',
  ): void => {
    if (name === undefined || known.includes(name)) return
    problems.push(document.problemAt(path, `the lab has no ${what} "${name}"`, nameRemedy(name, known), at))
  }
  if (file.lab !== undefined && targets.lab !== undefined && file.lab !== targets.lab) {
    problems.push(
      document.problemAt(['lab'], `the lab is "${targets.lab}", not "${file.lab}"`, `start the lab ${file.lab}`),
    )
  }
  const brokers: readonly string[] = [file.broker].flat()
  if (!brokers.includes('any') && !brokers.includes(targets.broker)) {
    const cause = `it is for ${brokers.join(', ')}, and the lab runs on ${targets.broker}`
    problems.push(document.problemAt(['broker'], cause, `run it with --broker ${brokers[0]}`))
  }
  for (const type of Object.keys(file.events)) look(type, types, 'event type', ['events', type], 'key')
  for (const [index, phase] of file.phases.entries()) {
    look(phase.type, types, 'event type', ['phases', index, 'type'])
    for (const type of Object.keys(phase.types ?? {}))
      look(type, types, 'event type', ['phases', index, 'types', type], 'key')
  }
  for (const [index, { target }] of file.faults.entries()) {
    const at = ['faults', index, 'target']
    look(target?.service, services, 'service', [...at, 'service'])
    look(
      target?.instance,
      targets.services.flatMap(({ instances }) => instances),
      'replica',
      [...at, 'instance'],
    )
    look(target?.eventType, types, 'event type', [...at, 'eventType'])
    // Why a service that shares its process has no link of its own is said with what else is impossible.
    const isSharedLink = targets.services.some(
      ({ name, isShared }) => isShared && target?.link?.startsWith(`${name}->`),
    )
    if (!isSharedLink) look(target?.link, targets.links, 'link', [...at, 'link'])
    look(target?.broker, ['broker', 'any', targets.broker, ...switchedTo], 'broker', [...at, 'broker'])
  }
  for (const [index, step] of file.steps.entries()) {
    const at = ['steps', index]
    look(step.consumer, consumers, 'consumer', [...at, 'consumer'])
    look(step.redrive?.group, consumers, 'consumer', [...at, 'redrive', 'group'])
    for (const service of Object.keys(step.replicas ?? {}))
      look(service, services, 'service', [...at, 'replicas', service], 'key')
    for (const [consumer, names] of Object.entries(step.subscribe ?? {})) {
      look(consumer, consumers, 'consumer', [...at, 'subscribe', consumer], 'key')
      for (const [place, type] of names.entries())
        look(type, types, 'event type', [...at, 'subscribe', consumer, place])
    }
    for (const [place, name] of (step.eventType?.consumers ?? []).entries())
      look(name, consumers, 'consumer', [...at, 'eventType', 'consumers', place])
    const { eventType, broker } = step
    const wanted = targets.brokers.find(({ name }) => name === broker)
    if (wanted && !wanted.ready && broker !== targets.broker)
      problems.push(
        document.problemAt([...at, 'broker'], `this lab has no ${broker} now`, wanted.reason ?? 'it is not ready'),
      )
    if (eventType && targets.eventTypes.includes(eventType.name))
      problems.push(
        document.problemAt(
          [...at, 'eventType', 'name'],
          `the lab has an event type "${eventType.name}" already`,
          'give it another name',
        ),
      )
  }
  for (const list of ['steadyState', 'assertions', 'abortOn'] as const) {
    for (const [index, { group, service, flow, end }] of file[list].entries()) {
      if (group !== '*') look(group, consumers, 'consumer group', [list, index, 'group'])
      if (service !== '*') look(service, services, 'service', [list, index, 'service'])
      if (flow !== '*') look(flow, flowNames, 'flow', [list, index, 'flow'])
      const among =
        flow === undefined || flow === '*' ? targets.flows : targets.flows.filter(({ name }) => name === flow)
      look(
        end,
        among.flatMap(({ ends }) => ends),
        'end of a flow',
        [list, index, 'end'],
      )
    }
  }
  for (const [index, invariant] of file.invariants.entries())
    look(invariant.split(':')[1], consumers, 'consumer', ['invariants', index])
  return inFileOrder(problems)
}
