import { z } from 'zod'
import { serviceStatus } from '#contracts/api/live.ts'
import { childPids } from '../../test/child-pids.ts'
import { type RunningProcess, runningProcesses, treeOf } from './process-tree.ts'

const services = z.object({ items: z.array(serviceStatus.pick({ name: true, replicas: true })) })

export interface LabAddress {
  url: string
  dataDir: string
}

/** Every process of the lab: children of the supervisor, and the workers under the sidecars. */
export async function labProcesses({ url, dataDir }: LabAddress): Promise<Record<string, number>> {
  const { items } = services.parse(await (await fetch(`${url}/api/services`)).json())
  const workers = items.flatMap(({ replicas }) => replicas.map(({ instance, pid }) => [instance, pid ?? 0] as const))
  const own = Object.entries(childPids(dataDir)).map(
    ([name, pid]) => [items.some((item) => item.name === name) ? `${name} sidecar` : name, pid] as const,
  )
  return Object.fromEntries([...own, ...workers])
}

/** By the name of each process of the lab: it and those below it that have no name of their own. */
export async function processesByName(lab: LabAddress): Promise<Map<string, RunningProcess[]>> {
  const named = await labProcesses(lab)
  const all = runningProcesses()
  const others = (pid: number) => new Set(Object.values(named).filter((other) => other !== pid))
  return new Map(
    Object.entries(named).map(([name, pid]) => {
      const foreign = others(pid)
      const remaining = new Map([...all].filter(([number]) => !foreign.has(number)))
      return [name, treeOf(pid, remaining)]
    }),
  )
}
