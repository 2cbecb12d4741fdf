import { z } from 'zod'
import type { FaultDefinition } from '#contracts/faults/define-fault.ts'
import type { FaultCatalogueItem, FaultTarget } from '#contracts/faults/fault.ts'
import { faultList } from '#contracts/faults/fault-list.ts'
import type { FaultTargets } from './fault-targets.ts'
import { isOfProcess } from './resolve-target.ts'

/** The catalogue as forms need it: each fault with the schema of its params and the targets that it can have here and now. */
export function catalogueItems(available: FaultTargets): FaultCatalogueItem[] {
  return faultList.map((definition) => {
    const { type, title, sees, targets, params, directions, percentOf, lasts, brokers, by } = definition
    return {
      ...{ type, title, sees, targets: [...targets], brokers: [...brokers], by: [...by] },
      offers: brokers.includes(available.broker) ? offersOf(definition, available) : [],
      params: z.toJSONSchema(params, { io: 'input' }) as Record<string, unknown>,
      ...(directions === undefined ? {} : { directions: [...directions] }),
      ...(percentOf === undefined ? {} : { percentOf }),
      ...(lasts === undefined ? {} : { lasts }),
    }
  })
}

function offersOf(definition: FaultDefinition, available: FaultTargets): { target: FaultTarget; label: string }[] {
  const { targets, services, linksTo } = definition
  const ofProcess = isOfProcess(definition)
  const possible = available.services.filter(
    ({ kind, isShared }) => (services === undefined || services === `${kind}s`) && !(ofProcess && isShared),
  )
  const can = (kind: FaultDefinition['targets'][number]): boolean => targets.includes(kind)
  return [
    ...(can('service') ? possible.map(({ name }) => ({ target: { service: name }, label: name })) : []),
    ...(can('instance')
      ? possible.flatMap(({ name, instances }) =>
          instances.map((instance) => ({ target: { service: name, instance }, label: instance })),
        )
      : []),
    ...(can('eventType') ? available.eventTypes.map(({ name }) => ({ target: { eventType: name }, label: name })) : []),
    ...(can('link')
      ? available.links
          .filter(({ end, isShared }) => !isShared && (linksTo === undefined || end === linksTo.end))
          .map(({ id }) => ({ target: { link: id }, label: id }))
      : []),
    ...(can('broker') ? [{ target: { broker: available.broker }, label: `broker (${available.broker})` }] : []),
  ]
}
