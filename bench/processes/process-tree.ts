import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, as Linux reports it. */
export interface RunningProcess {
  pid: number
  parent: number
  /** Processor time so far, user and system, in microseconds; with it that of its children that have ended. */
  cpuMicroseconds: number
}

/** Clock ticks of a second in `/proc`: Linux shows all programs the same number, whatever its own is. */
const ticksPerSecond = 100

function read(pid: number): RunningProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // What follows the program's name, which may hold blanks and parentheses: proc_pid_stat(5), from field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { pid, parent: Number(fields[1]), cpuMicroseconds: (ticks * 1e6) / ticksPerSecond }
  } catch {
    // It ended while the folder was being read.
    return undefined
  }
}

/** Every process now, by its number. */
export function runningProcesses(): Map<number, RunningProcess> {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []))
  return new Map(all.map((one) => [one.pid, one]))
}

/** A process and all that descend from it. */
export function treeOf(root: number, all: ReadonlyMap<number, RunningProcess>): RunningProcess[] {
  const own = all.get(root)
  const below = [...all.values()].filter(({ parent }) => parent === root)
  return [...(own === undefined ? [] : [own]), ...below.flatMap(({ pid }) => treeOf(pid, all))]
}
