import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../test/lab.ts'
import { processesByName } from '../processes/lab-processes.ts'
import { type RunningProcess, runningProcesses, treeOf } from '../processes/process-tree.ts'
import type { Reading } from './trend.ts'

/** A named process from its start to its end, with those below it that have no name of their own. */
export interface Life {
  name: string
  pid: number
  /** Anonymous resident memory, MB: what pages of files and of shared buffers do not make larger. */
  memory: Reading[]
  /** Open file descriptors. */
  descriptors: Reading[]
}

export interface Sampler {
  /** Reads all of it once; a lab that does not answer now is read the next time. */
  sample(): Promise<void>
  lives(): readonly Life[]
  /** Bytes on disk of each folder of the data folder, PostgreSQL's write-ahead log by itself. */
  disk(): ReadonlyMap<string, Reading[]>
  /** Processes that were ever seen below the supervisor and live still. */
  alive(): number[]
}

/** Number of the process and when it began, which no later process of that number has. */
function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return undefined
  }
}

/** Throws if it has ended and only its number is left. */
function anonymousMegabytes(pid: number): number {
  const kilobytes = /RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error(`process ${pid} has ended`)
  return Number(kilobytes) / 1_024
}

/** Each server process of PostgreSQL keeps the files of tables open that it has read: there only sockets tell of what is left behind. */
function descriptorsOf(name: string, pid: number): number {
  const folder = `/proc/${pid}/fd`
  const open = readdirSync(folder)
  if (name !== 'postgres') return open.length
  return open.filter((number) => readlinkSync(join(folder, number)).startsWith('socket:')).length
}

function bytesBelow(path: string): number {
  let bytes = 0
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name)
      bytes += entry.isDirectory() ? bytesBelow(inner) : statSync(inner).blocks * 512
    }
  } catch {
    // Removed while it was being read.
  }
  return bytes
}

/** Watches the processes and the data folder of a lab. */
export function createSampler(lab: Lab): Sampler {
  const lives = new Map<string, Life>()
  const disk = new Map<string, Reading[]>()
  const seen = new Set<string>()

  function readDisk(at: number): void {
    const note = (folder: string, value: number): void => {
      disk.set(folder, [...(disk.get(folder) ?? []), { at, value }])
    }
    for (const entry of readdirSync(lab.dataDir, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue
      const path = join(lab.dataDir, entry.name)
      const log = entry.name === 'postgres' ? bytesBelow(join(path, 'pg_wal')) : 0
      if (log > 0) note('postgres/pg_wal', log)
      note(entry.name, bytesBelow(path) - log)
    }
  }

  return {
    async sample() {
      const at = Date.now()
      for (const { pid } of treeOf(lab.supervisorPid, runningProcesses())) {
        const identity = identityOf(pid)
        if (identity !== undefined) seen.add(identity)
      }
      readDisk(at)
      const named = await processesByName(lab).catch(() => new Map<string, RunningProcess[]>())
      for (const [name, processes] of named) {
        const pid = processes[0]?.pid
        const identity = pid === undefined ? undefined : identityOf(pid)
        if (pid === undefined || identity === undefined) continue
        try {
          const sum = (figure: (pid: number) => number): number =>
            processes.reduce((all, one) => all + figure(one.pid), 0)
          const memory = sum(anonymousMegabytes)
          const descriptors = sum((one) => descriptorsOf(name, one))
          const life: Life = lives.get(`${name} ${identity}`) ?? { name, pid, memory: [], descriptors: [] }
          life.memory.push({ at, value: memory })
          life.descriptors.push({ at, value: descriptors })
          lives.set(`${name} ${identity}`, life)
        } catch {
          // One of them ended meanwhile: this reading would be too low.
        }
      }
    },
    lives: () => [...lives.values()],
    disk: () => disk,
    alive: () =>
      [...seen].flatMap((identity) =>
        identityOf(Number(identity.split(' ')[0])) === identity ? Number(identity.split(' ')[0]) : [],
      ),
  }
}
