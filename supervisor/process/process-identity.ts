import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process that no other can be taken for, even after its number was given to another. */
export interface ProcessIdentity {
  pid: number
  /** When it began, in a form that is only compared. */
  began: string
}

let bootId: string | undefined

function beganAt(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // proc(5): field 22 is the start time; field 2, the name in brackets, may hold blanks and brackets itself.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // Z: it has ended and only waits for its parent to read its exit code.
      return fields[0] === 'Z' ? undefined : `${bootId}:${fields[19]}`
    } catch {
      return undefined
    }
  }
  try {
    const line = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    return line.trim() === '' ? undefined : line.trim()
  } catch {
    return undefined
  }
}

/** The identity of a running process; undefined if none has this number. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const began = beganAt(pid)
  return began === undefined ? undefined : { pid, began }
}

export function isRunning(identity: ProcessIdentity): boolean {
  return beganAt(identity.pid) === identity.began
}
