import { newGroupCounts } from '../ledger/counters.ts'
import type { ApplyContext } from './apply-context.ts'
import { DueTimes } from './due-times.ts'
import { Runs } from './runs.ts'

type Given = Pick<
  ApplyContext,
  | 'ledger'
  | 'traces'
  | 'flow'
  | 'anomalies'
  | 'suspicions'
  | 'processes'
  | 'now'
  | 'owedGroups'
  | 'needsEffect'
  | 'hasGap'
  | 'repeated'
  | 'untold'
>

/** A context that applies to the ledger and traces given. */
export function createApplyContext(given: Given): ApplyContext {
  const names = new Map<string, string>()
  const services = new Map<string, string>()
  const ignored = newGroupCounts()
  const context: ApplyContext = {
    ...given,
    runs: new Runs(),
    dues: new DueTimes(),
    rebuilding: false,
    intern(name) {
      const known = names.get(name)
      if (known !== undefined) return known
      names.set(name, name)
      return name
    },
    serviceOf(instance) {
      let service = services.get(instance)
      if (service === undefined) {
        service = instance.replace(/-\d+$/, '')
        services.set(instance, service)
      }
      return service
    },
    groupCounts: (topic, group) => (context.rebuilding ? ignored : given.ledger.groups.at(topic, group)),
    raise(name, id, at, group) {
      if (!context.rebuilding) given.anomalies.raise(name, id, at, group)
    },
    retract(name, id, group) {
      if (!context.rebuilding) given.anomalies.retract(name, id, group)
    },
    repeated(instance, id) {
      if (!context.rebuilding) given.repeated(instance, id)
    },
  }
  return context
}
