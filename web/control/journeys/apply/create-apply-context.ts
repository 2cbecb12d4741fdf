import { RetryDueTimes } from '../due-times.ts'
import { BegunRuns } from '../runs.ts'
import type { ApplyContext } from './apply-context.ts'
import { type LiveBooks, liveSink } from './live-sink.ts'

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
  | 'owedAtAnswer'
  | 'needsEffect'
  | 'hasGap'
> &
  LiveBooks

/** A context that applies to the ledger and traces given. */
export function createApplyContext({ repeated, unreported, audited, flows, ...given }: Given): ApplyContext {
  const names = new Map<string, string>()
  const services = new Map<string, string>()
  return {
    ...given,
    runs: new BegunRuns(),
    dues: new RetryDueTimes(),
    sink: liveSink({ ...given, flows, repeated, unreported, audited }),
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
  }
}
