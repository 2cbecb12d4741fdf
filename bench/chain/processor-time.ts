import { engineName } from '#contracts/engine-name.ts'
import { type LabAddress, processesByName } from '../processes/lab-processes.ts'
import { runningProcesses } from '../processes/process-tree.ts'
import { type Spread, spread } from '../statistics.ts'

/** Microseconds that the services of a chain took so far, with all that is around them; not broker and database, which both sides use. */
export type CpuSoFar = () => Promise<number>

/** Web, sidecars, workers and the program. */
export const labCpu = (lab: LabAddress): CpuSoFar => {
  return async () => {
    const processes = [...(await processesByName(lab))].filter(([name]) => !engineName.safeParse(name).success)
    return processes.flatMap(([, all]) => all).reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0)
  }
}

/** Processes of the bare chain. */
export const bareCpu = (pids: readonly number[]): CpuSoFar => {
  return async () => {
    const all = runningProcesses()
    return pids.reduce((sum, pid) => sum + (all.get(pid)?.cpuMicroseconds ?? Number.NaN), 0)
  }
}

/** Rounds of one side whose processor time is read as well. The first is to warm up and does not count. */
export function metered(cpu: CpuSoFar, count: number, round: () => Promise<number>) {
  const perOrder: number[] = []
  return {
    async round(): Promise<number> {
      const before = await cpu()
      const rate = await round()
      perOrder.push(((await cpu()) - before) / count)
      return rate
    },
    /** Microseconds an order, of each round that counts. */
    perOrder: () => perOrder.slice(1),
  }
}

/** How many times as much the one side took as the other, round by round. */
export const timesAsMuch = (one: readonly number[], other: readonly number[]): Spread =>
  spread(one.map((cost, index) => cost / (other[index] ?? Number.NaN)))
