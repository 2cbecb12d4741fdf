import { z } from 'zod'
import type { FaultDefinition } from '#contracts/faults/define-fault.ts'
import type { FaultCatalogueItem, FaultTarget } from '#contracts/faults/fault.ts'
import { faultList } from '#contracts/faults/fault-list.ts'
import type { FaultGround } from './fault-ground.ts'
import { isOfProcess } from './resolve-target.ts'

/** The catalogue as forms need it: each fault with the schema of its params and the targets that it can have here and now. */
export function catalogueItems(ground: FaultGround): FaultCatalogueItem[] {
  return faultList.map((definition) => {
    const { type, title, sees, targets, params, directions, percentOf, lasts, brokers, by } = definition
    return {
      ...{ type, title, sees, targets: [...targets], brokers: [...brokers], by: [...by] },
      offers: brokers.includes(ground.broker) ? offersOf(definition, ground) : [],
      params: z.toJSONSchema(params, { io: 'input' }) as Record<string, unknown>,
      ...(directions === undefined ? {} : { directions: [...directions] }),
      ...(percentOf === undefined ? {} : { percentOf }),
      ...(lasts === undefined ? {} : { lasts }),
    }
  })
}

function offersOf(definition: FaultDefinition, ground: FaultGround): { target: FaultTarget; label: string }[] {
  const { targets, services, linksTo } = definition
  const ofProcess = isOfProcess(definition)
  const possible = ground.services.filter(
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
    ...(can('eventType') ? ground.eventTypes.map(({ name }) => ({ target: { eventType: name }, label: name })) : []),
    ...(can('link')
      ? ground.links
          .filter(({ end, isShared }) => !isShared && (linksTo === undefined || end === linksTo.end))
          .map(({ id }) => ({ target: { link: id }, label: id }))
      : []),
    ...(can('broker') ? [{ target: { broker: ground.broker }, label: `broker (${ground.broker})` }] : []),
  ]
}
