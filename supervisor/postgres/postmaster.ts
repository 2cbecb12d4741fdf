import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Postmaster {
  pid: number
  port: number
  ready: boolean
}

/** What `postmaster.pid` of a data folder says; undefined if there is none, or a half-written one. */
export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' }
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(20)) if (!alive(pid)) return true
  return !alive(pid)
}

/**
 * Ends a postmaster: `fast` rolls open transactions back and writes a checkpoint; `immediate` leaves recovery to the
 * next start. Either way what was committed stays. Escalates when it does not end in time.
 */
export async function endPostmaster(pid: number, how: 'fast' | 'immediate', withinMs = 5_000): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', withinMs],
    ['SIGQUIT', 3_000],
    ['SIGKILL', 2_000],
  ]
  for (const [signal, waitMs] of how === 'fast' ? steps : steps.slice(1)) {
    if (!alive(pid)) return
    process.kill(pid, signal)
    if (await gone(pid, waitMs)) return
  }
}
