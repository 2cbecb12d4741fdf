import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, statSync } from 'node:fs'
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

/** The nearest folder on the way to `path` that an account may not pass through; undefined if it may pass all. */
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
 * `nobody`; no account is made. Undefined if the caller is not root: it runs as the caller.
 */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const account = lookUp('postgres') ?? lookUp('nobody')
  if (account !== undefined) return account
  const mend = 'add one with `useradd postgres`, start as an ordinary user, or set DATABASE_URL'
  throw new Error(`PostgreSQL does not run as root and there is no account \`postgres\` or \`nobody\`: ${mend}`)
}

/**
 * The rights of root with which an account can pass through closed folders, the smaller first: to look, to do anything. PostgreSQL
 * asks with `access()`, which counts no right of an ordinary account unless `no_setuid_fixup` is set.
 */
const passages = ['dac_read_search', 'dac_override']

function passageOf({ uid, gid }: Account): string[] | undefined {
  for (const right of passages) {
    const rights = [`--inh-caps=-all,+${right}`, `--ambient-caps=-all,+${right}`, '--securebits=+no_setuid_fixup']
    const args = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights, '--']
    try {
      execFileSync('setpriv', [...args, 'true'], { stdio: 'ignore' })
      return args
    } catch {
      // No setpriv, an old one, or a container that does not have this right.
    }
  }
  return undefined
}

/**
 * How to run `command` on files below `paths` as `account`. A checkout below `/root` and the data folder, which is its owner's alone,
 * are closed to every other account; there `setpriv` leaves the process one right of root, to pass through folders. Where it cannot,
 * the folders of `ours`, which this lab closed by itself, are opened to that account's group; what is still closed is an error that
 * says how to mend it.
 */
export function launchAs(
  account: Account | undefined,
  command: string,
  args: string[],
  paths: string[],
  ours: readonly string[] = [],
): Launch {
  if (account === undefined) return { command, args }
  const blocking = () => [command, ...paths].flatMap((path) => blockedFolder(path, account) ?? [])[0]
  if (blocking() === undefined) return { command, args, ...account }
  const passage = passageOf(account)
  if (passage !== undefined) return { command: 'setpriv', args: [...passage, command, ...args] }
  for (const folder of ours) admitGroup(folder, account)
  const blocked = blocking()
  if (blocked === undefined) return { command, args, ...account }
  const mend = `run \`chmod o+x ${blocked}\`, move the checkout, start as an ordinary user, or set DATABASE_URL`
  throw new Error(`PostgreSQL does not run as root, and its account may not pass through ${blocked}: ${mend}`)
}

/** Lets a group pass through a folder, and see nothing of what is in it. */
function admitGroup(folder: string, { gid }: Account): void {
  chownSync(folder, -1, gid)
  chmodSync(folder, (statSync(folder).mode & 0o7707) | 0o010)
}
