import { readFileSync } from 'node:fs'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'
import { processesByName } from '../processes/lab-processes.ts'
import { type RunningProcess, runningProcesses, treeOf } from '../processes/process-tree.ts'

/** Of one processor, and all processes together: what a lab spends that does nothing. */
const restingShare = 0.2

interface Memory {
  /** Megabytes, of which pages that processes share count for each of them. */
  resident: number
  /** Megabytes, of which a page that n processes share counts for each of them as its nth part: the sum is what the machine has given. */
  proportional: number
}

function memoryOf(processes: readonly RunningProcess[]): Memory {
  const sum = { resident: 0, proportional: 0 }
  for (const { pid } of processes) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0)
    sum.resident += kilobytes('Rss') / 1_024
    sum.proportional += kilobytes('Pss') / 1_024
  }
  return { resident: Math.round(sum.resident), proportional: Math.round(sum.proportional) }
}

/** Memory of the lab before anything went through it, once its processes rest: all of it, and process by process. */
export async function rest({ lab }: BenchContext) {
  const tree = () => treeOf(lab.supervisorPid, runningProcesses())
  let before = { at: performance.now(), cpu: Number.NaN }
  await until('a lab at rest', async () => {
    const at = performance.now()
    // A share of less than a second says little: the clock has ticks of 10 ms.
    if (at - before.at < 1_000) return false
    const cpu = tree().reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0)
    const share = (cpu - before.cpu) / 1_000 / (at - before.at)
    before = { at, cpu }
    return share < restingShare
  })
  const byName = [...(await processesByName(lab))].map(([name, processes]) => [name, memoryOf(processes)] as const)
  return { unit: 'MB', processes: tree().length, all: memoryOf(tree()), byProcess: Object.fromEntries(byName) }
}
