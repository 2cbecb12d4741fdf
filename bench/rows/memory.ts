import { readdirSync, readFileSync } from 'node:fs'
import { childPids } from '../../test/child-pids.ts'
import { burstEnd, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'

function parentOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** Resident megabytes of each child of the supervisor, and of its own children together. */
function residentMegabytes(dataDir: string): Record<string, number> {
  const parents = new Map<number, number>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(pid), parentOf(pid))
    } catch {
      // It ended while the folder was being read.
    }
  }
  const own = (pid: number) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  const megabytes: Record<string, number> = {}
  for (const [name, pid] of Object.entries(childPids(dataDir))) {
    megabytes[name] = Math.round(own(pid))
    const below = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child)
    if (below.length > 0) megabytes[`${name} children`] = Math.round(below.reduce((sum, child) => sum + own(child), 0))
  }
  return megabytes
}

/** Memory of each process before and after `messages` went through the whole pipe. */
export async function memory({ lab, witness, messages }: BenchContext) {
  const atRest = residentMegabytes(lab.dataDir)
  const mark = await witness.mark()
  const id = await startBurst(lab.url, { type: 'order_placed', count: messages, ratePerSecond: 1_000 })
  await burstEnd(lab.url, id, messages * 10 + 60_000)
  await until(
    'all effects',
    async () => {
      const { rows, mails } = await witness.effectsSince(mark)
      return rows >= messages && mails >= messages
    },
    messages * 10 + 60_000,
  )
  return { unit: 'MB resident', messages, atRest, after: residentMegabytes(lab.dataDir) }
}
