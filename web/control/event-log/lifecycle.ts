import type { ServiceStatus } from '#contracts/api/live.ts'
import type { PartHealth } from '../engines/part-health.ts'
import type { EventLog } from './event-log.ts'

type Entry = Parameters<EventLog['add']>[0]

/** What the log says of the lab's processes, as one value to compare with the next. */
export interface LabSight {
  services: readonly ServiceStatus[]
  parts: readonly PartHealth[]
}

/** The entries that the way from one sight to the next is worth. A worker that is seen for the first time has started. */
export function lifecycleEntries(before: LabSight, after: LabSight): Entry[] {
  const former = new Map(before.services.map((service) => [service.name, service]))
  return [
    ...after.services.flatMap((service) => {
      const was = former.get(service.name)
      // Of a thousand services in one process only the process is logged.
      return was === service || service.sharedBy !== undefined ? [] : serviceEntries(was, service)
    }),
    ...after.parts.flatMap((part) => {
      const former = before.parts.find(({ name }) => name === part.name)
      if (!former || former.up === part.up) return []
      return [
        part.up
          ? entry('part', 'info', `the ${part.name} answers`, part.name)
          : entry('part', 'error', part.problem ?? `the ${part.name} does not answer`, part.name),
      ]
    }),
  ]
}

function serviceEntries(before: ServiceStatus | undefined, after: ServiceStatus): Entry[] {
  const entries: Entry[] = []
  if (before && before.connected !== after.connected) {
    entries.push(
      after.connected
        ? entry('service', 'info', `the sidecar of ${after.name} is connected`, after.name)
        : entry('service', 'error', `the sidecar of ${after.name} is gone`, after.name),
    )
  }
  for (const replica of after.replicas) {
    const { instance, state, detail, pid } = replica
    const former = before?.replicas.find((other) => other.instance === instance)
    // Seen for the first time: only that it runs is news.
    if (!former && state !== 'up') continue
    if (former?.state === state && former.pid === pid) continue
    const why = detail === undefined ? '' : `: ${detail}`
    if (state === 'up') entries.push(entry('service', 'info', `${instance} is up (process ${pid})`, instance))
    else if (state === 'killed' || state === 'paused')
      entries.push(entry('service', 'warn', `${instance} is ${state}${why}`, instance))
    else if (state === 'backoff') entries.push(entry('service', 'error', `${instance} is down${why}`, instance))
    else if (state === 'waiting-for-broker' && former?.state === 'up')
      entries.push(entry('service', 'warn', `${instance} waits for the broker${why}`, instance))
    else if (state === 'stopping' && former?.state !== 'stopping')
      entries.push(entry('service', 'info', `${instance} is stopping${why}`, instance))
  }
  for (const { instance } of before?.replicas ?? []) {
    if (!after.replicas.some((replica) => replica.instance === instance))
      entries.push(entry('service', 'info', `${instance} is no longer wanted`, instance))
  }
  return entries
}

const entry = (kind: Entry['kind'], level: Entry['level'], message: string, subject: string): Entry => ({
  ...{ kind, level, message, subject },
})

const lookEveryMs = 250

/** Looks at the lab four times a second and logs what changed, until the returned function is called. */
export function watchLifecycle(look: () => LabSight, events: EventLog): () => void {
  let before: LabSight = { services: [], parts: [] }
  const timer = setInterval(() => {
    const { services, parts } = look()
    const after = { services: [...services], parts: structuredClone(parts) }
    for (const found of lifecycleEntries(before, after)) events.add(found)
    before = after
  }, lookEveryMs)
  return () => clearInterval(timer)
}
