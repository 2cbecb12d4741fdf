import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, type ProcessIdentity } from './process-identity.ts'

/** Set on every child and inherited by its children: names the data folder whose lab they belong to. */
export const labMarkVariable = 'FAULTLINE_LAB'

/** Sends a signal to a process group; false if no process of it is left. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    // EPERM: there is a process, of another account. PostgreSQL started by root is one, and ends through its guard.
    return signal === 0
  }
}

/** Whether any process of the group still runs; one that has ended and waits to be collected does not. */
export function groupRuns(group: number): boolean {
  if (!signalGroup(group, 0)) return false
  if (process.platform !== 'linux') return true
  return groupMembers().some((member) => member.group === group)
}

interface Member {
  pid: number
  parent: number
  group: number
}

/** Every process of this machine that has not ended. */
function groupMembers(): Member[] {
  if (process.platform !== 'linux') return listedMembers()
  const members: Member[] = []
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) continue
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (state !== 'Z') members.push({ pid, parent: Number(parent), group: Number(group) })
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return members
}

function listedMembers(): Member[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid = 0, parent = 0, group = 0] = line.trim().split(/\s+/).map(Number)
    return { pid, parent, group }
  })
}

/**
 * Sends a signal to a process group and to the descendants of its leader that have left it: PostgreSQL gives each of its
 * processes a group of its own. False if no process of the group is left.
 */
export function signalTree(group: number, signal: NodeJS.Signals): boolean {
  const members = groupMembers()
  const below = new Set(members.filter((member) => member.group === group).map(({ pid }) => pid))
  // A set that grows while it is walked is walked to its end.
  for (const parent of below) for (const { pid, parent: its } of members) if (its === parent) below.add(pid)
  const sent = signalGroup(group, signal)
  for (const { pid, group: its } of members) {
    if (its === group || !below.has(pid)) continue
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended, or is another account's and ends with the process that started it.
    }
  }
  return sent
}

function environmentHolds(pid: number, text: string): boolean {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(text)
    return execFileSync('ps', ['-E', '-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(text)
  } catch {
    return false
  }
}

/** Process groups of an earlier start on this data folder that still run, each proven to be one of them. */
export function leftoverGroups(folder: string, known: ProcessIdentity[]): number[] {
  const mark = `${labMarkVariable}=${folder}`
  const groups = new Set(known.filter(isRunning).map((identity) => identity.pid))
  if (process.platform === 'linux') {
    const own = groupMembers().find((member) => member.pid === process.pid)?.group
    // A leader that is gone may leave members behind, for example stopped ones: the mark they carry proves them ours.
    for (const { pid, group } of groupMembers()) {
      if (group !== own && !groups.has(group) && environmentHolds(pid, mark)) groups.add(group)
    }
  }
  return [...groups]
}

/** Ends a group: asks, wakes what is stopped, and after `graceMs` kills. Resolves when no process of it runs. */
export async function endGroup(group: number, graceMs: number): Promise<void> {
  signalGroup(group, 'SIGTERM')
  signalGroup(group, 'SIGCONT')
  for (const end = Date.now() + graceMs; Date.now() < end && groupRuns(group); ) await sleep(50)
  if (groupRuns(group)) signalGroup(group, 'SIGKILL')
  for (const end = Date.now() + 2_000; Date.now() < end && groupRuns(group); ) await sleep(25)
}
