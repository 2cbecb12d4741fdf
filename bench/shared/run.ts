import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childPids } from '../../test/child-pids.ts'
import { startLab } from '../../test/lab.ts'
import { until } from '../../test/until.ts'
import { sharedLab } from './lab-of.ts'

interface Status {
  items: { sharedBy?: string; replicas: { state: string }[] }[]
}
interface Ledger {
  verdict: { result: string }
  groups: { delivered: number; lost: number }[]
}

const readJson = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T

/** Resident memory of a process, MB. */
function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes ?? 0) / 1_024)
}

/** Starts a lab of so many services, lets one event run through all of them, and prints what that took. */
async function row(count: number, folder: string): Promise<void> {
  const file = join(folder, `shared-${count}.yaml`)
  writeFileSync(file, sharedLab(count))
  const startedAt = performance.now()
  const since = (from: number): string => `${((performance.now() - from) / 1_000).toFixed(1)} s`
  const lab = await startLab({ FAULTLINE_LAB: file })
  try {
    const ready = since(startedAt)
    const shared = async () => (await readJson<Status>(`${lab.url}/api/services`)).items.filter((one) => one.sharedBy)
    const areUp = (of: Status['items']): boolean =>
      of.length === count - 1 && of.every(({ replicas }) => replicas.every(({ state }) => state === 'up'))
    await until('all services up', async () => areUp(await shared()), 180_000)
    const allUp = since(startedAt)
    const publishedAt = performance.now()
    const answer = await fetch(`${lab.url}/event`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ type: 'order_placed', data: {} }),
    })
    if (!answer.ok) throw new Error(`the event was refused: ${await answer.text()}`)
    let ledger: Ledger | undefined
    await until(
      'the event at all services',
      async () => {
        ledger = await readJson<Ledger>(`${lab.url}/api/ledger`)
        return ledger.groups.reduce((sum, { delivered }) => sum + delivered, 0) === count - 1
      },
      180_000,
    )
    const through = since(publishedAt)
    const lost = ledger?.groups.reduce((sum, group) => sum + group.lost, 0)
    const pids = childPids(lab.dataDir)
    // The environment says which broker runs: `BROKER=redis`.
    const memory = ['web', 'sns-sqs', 'redis', 'kafka', 'simulated-services'].flatMap((name) => {
      const pid = pids[name]
      return pid === undefined ? [] : [`${name} ${residentMb(pid)} MB`]
    })
    const [host] = workersOf(pids['simulated-services'] ?? 0)
    memory.push(`its process ${host === undefined ? '?' : residentMb(host)} MB`)
    console.log(
      `${count} services: ready ${ready}, all up ${allUp}, one event through all ${through}, lost ${lost}; ${memory.join(', ')}`,
    )
  } finally {
    await lab.stop()
  }
}

/** Child processes of a process. */
const workersOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

const folder = mkdtempSync(join(tmpdir(), 'faultline-shared-'))
try {
  for (const count of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100, 1_000])
    await row(count, folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
