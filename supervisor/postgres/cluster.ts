import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Account, launchAs } from './account.ts'
import type { Binaries } from './binaries.ts'

/** Of the lab's role, and of the superuser. Both are for the owner of the folder alone. */
const passwordFile = 'faultline-password'
const adminPasswordFile = 'faultline-admin-password'

export interface Passwords {
  /** Of `faultline`. */
  password: string
  /** Of `faultline_admin`, the superuser. */
  adminPassword: string
}

const newPassword = (): string => randomBytes(24).toString('base64url')

async function exists(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
}

async function run(
  command: string,
  args: string[],
  account: Account | undefined,
  paths: string[],
  ours: readonly string[],
): Promise<void> {
  const launch = launchAs(account, command, args, paths, ours)
  const child = spawn(launch.command, launch.args, {
    ...(launch.uid === undefined ? {} : { uid: launch.uid, gid: launch.gid }),
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`PostgreSQL could not make its data folder: ${lastLine(said)}`)
}

/**
 * The password of the lab's role: that of the cluster in `folder`, else a new one, for the cluster that is made there. So the address of
 * the database is known before the database is there.
 */
export async function labPassword(folder: string): Promise<string> {
  return (await exists(join(folder, passwordFile)))?.trim() ?? newPassword()
}

/** The line of a log that says most: a full disk, else the last error, else the last line. */
export function lastLine(log: string): string {
  if (/no space left on device/i.test(log))
    return 'the disk is full; free some space, or set FAULTLINE_DATA_DIR to another disk'
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  return (lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1) ?? 'it said nothing').trim()
}

/**
 * Makes the data folder once and gives the passwords of its two roles. `initdb` works in a folder beside it that is renamed when it
 * is whole, so a run that was cut short leaves nothing that looks like a database. `ours`: folders that this lab closed by itself. `password`: of the
 * lab's role, where the cluster is made now.
 */
export async function ensureCluster(
  binaries: Binaries,
  folder: string,
  account: Account | undefined,
  ours: readonly string[] = [],
  password = newPassword(),
): Promise<Passwords> {
  const known = await exists(join(folder, passwordFile))
  if (known !== undefined && (await exists(join(folder, 'PG_VERSION'))) !== undefined)
    return { password: known.trim(), adminPassword: await adminPasswordOf(folder, account) }
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(unfinished, { mode: 0o700 })
  const handover = `${unfinished}.password`
  const adminPassword = newPassword()
  try {
    await writeSecret(handover, adminPassword, account)
    if (account !== undefined) await chown(unfinished, account.uid, account.gid)
    const auth = ['--username=faultline_admin', '--auth=scram-sha-256', `--pwfile=${handover}`]
    const locale = ['--encoding=UTF8', '--locale=C', '--lc-messages=C', '--no-instructions', '--no-sync']
    await run(binaries.initdb, [`--pgdata=${unfinished}`, ...auth, ...locale], account, [unfinished], ours)
    await rename(handover, join(unfinished, adminPasswordFile))
    await writeSecret(join(unfinished, passwordFile), password, account)
    await rename(unfinished, folder)
    return { password, adminPassword }
  } finally {
    await rm(handover, { force: true })
  }
}

/** A cluster of an earlier version has none: it is chosen here, and set when the server runs. */
async function adminPasswordOf(folder: string, account: Account | undefined): Promise<string> {
  const path = join(folder, adminPasswordFile)
  const known = await exists(path)
  if (known !== undefined) return known.trim()
  const password = newPassword()
  await writeSecret(`${path}.new`, password, account)
  await rename(`${path}.new`, path)
  return password
}

async function writeSecret(path: string, secret: string, account: Account | undefined): Promise<void> {
  await writeFile(path, `${secret}\n`, { mode: 0o600 })
  if (account !== undefined) await chown(path, account.uid, account.gid)
}
