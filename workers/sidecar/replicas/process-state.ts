import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** The state letter of a process as `ps` shows it (`R`, `S`, `T`: stopped, `Z`: gone and not collected); undefined if there is none. */
export async function processState(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return stateByPs(pid)
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    // The name is in brackets and may hold anything, brackets too.
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  } catch {
    return undefined
  }
}

function stateByPs(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'state=', '-p', String(pid)], (error, stdout) => {
      resolve(error ? undefined : stdout.trim().slice(0, 1) || undefined)
    })
  })
}

const lookEveryMs = 2

/** Resolves with the time, epoch milliseconds, at which the process was seen stopped (or not); rejects after `withinMs`. */
export async function untilStopped(pid: number, stopped: boolean, withinMs: number): Promise<number> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const state = await processState(pid)
    if (state === undefined || state === 'Z') throw new Error(`process ${pid} ended meanwhile`)
    if ((state === 'T') === stopped) return Date.now()
    if (performance.now() > deadline)
      throw new Error(
        `process ${pid} was not ${stopped ? 'stopped' : 'running'} within ${withinMs} ms (state ${state})`,
      )
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}
