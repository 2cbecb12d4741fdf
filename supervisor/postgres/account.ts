import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A command as it must be spawned so that PostgreSQL runs under an account that it accepts. */
export interface Launch {
  command: string
  args: string[]
  uid?: number
  gid?: number
}

export interface Account {
  uid: number
  gid: number
}

/** The nearest folder on the way to `path` that an account may not pass through; undefined where it may pass all. */
export function blockedFolder(path: string, account: Account): string | undefined {
  let folder = dirname(path)
  let blocked: string | undefined
  for (;;) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder)
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
      if ((mode & bit) === 0) blocked = folder
    }
    if (dirname(folder) === folder) return blocked
    folder = dirname(folder)
  }
}

function lookUp(name: string): Account | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

/**
 * PostgreSQL refuses to run as root. Started by root it runs as `postgres` where the machine has that account, else as
 * `nobody`; no account is made. Undefined where the caller is not root: it runs as the caller.
 */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const account = lookUp('postgres') ?? lookUp('nobody')
  if (account !== undefined) return account
  const mend = 'add one with `useradd postgres`, start as an ordinary user, or set DATABASE_URL'
  throw new Error(`PostgreSQL does not run as root and there is no account \`postgres\` or \`nobody\`: ${mend}`)
}

function hasSetpriv(): boolean {
  try {
    return execFileSync('setpriv', ['--help'], { encoding: 'utf8' }).includes('--ambient-caps')
  } catch {
    return false
  }
}

/**
 * How to run `command` on files below `paths` as `account`. A checkout below `/root` is closed to every other account;
 * there `setpriv` leaves the process one right of root, to pass through folders, or a sentence says how to mend it.
 */
export function launchAs(account: Account | undefined, command: string, args: string[], paths: string[]): Launch {
  if (account === undefined) return { command, args }
  const blocked = [command, ...paths].map((path) => blockedFolder(path, account)).find((folder) => folder !== undefined)
  if (blocked === undefined) return { command, args, ...account }
  if (hasSetpriv()) {
    const rights = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override']
    const ids = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
    return { command: 'setpriv', args: [...ids, ...rights, '--', command, ...args] }
  }
  const mend = `run \`chmod o+x ${blocked}\`, move the checkout, start as an ordinary user, or set DATABASE_URL`
  throw new Error(`PostgreSQL does not run as root, and its account may not pass through ${blocked}: ${mend}`)
}
