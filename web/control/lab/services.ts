import type { ServiceStatus } from '#contracts/api/live.ts'
import { ApiProblem } from '../problem/problem.ts'
import type { ReplicaCounts } from './replica-counts.ts'

/** The workers as the API shows and changes them. */
export interface Services {
  /** One per declared worker, whether its sidecar was ever heard or not. */
  list(): ServiceStatus[]
  /** Resolves when the count is stored and its sidecar has it. */
  scale(name: string, replicas: number): Promise<ServiceStatus>
}

export function createServices(options: {
  counts: ReplicaCounts
  /** What sidecars report, with the replicas wanted. */
  reported: () => readonly ServiceStatus[]
  configure: () => Promise<void>
}): Services {
  const { counts, reported, configure } = options
  const list = (): ServiceStatus[] => {
    const known = new Map(reported().map((service) => [service.name, service]))
    const wanted = counts.all()
    const undeclared = [...known.keys()].filter((name) => !(name in wanted))
    return [...Object.keys(wanted), ...undeclared].map(
      (name) =>
        known.get(name) ?? { name, connected: false, wanted: wanted[name], replicas: [], links: [], gauges: [] },
    )
  }

  return {
    list,
    async scale(name, replicas) {
      if (counts.of(name) === undefined) {
        const names = Object.keys(counts.all()).join(', ')
        throw new ApiProblem('unknown_service', `there is no worker "${name.slice(0, 100)}"; known: ${names}`)
      }
      await counts.set(name, replicas)
      await configure()
      const found = list().find((service) => service.name === name)
      if (!found) throw new Error(`${name} is declared and not listed`)
      return found
    },
  }
}
