import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../process/ports.ts'
import { withParentWatchdog } from '../process/shell-parent-watchdog.ts'
import { launchAs, serverAccount } from './account.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { ensureCluster, lastLine } from './cluster.ts'
import { endPostmaster, readPostmaster } from './postmaster.ts'
import { adminUrlOf, ensureRoles, urlOf } from './roles.ts'

export interface PostgresOptions {
  /** Made and filled if it is absent. Absolute. */
  folder: string
  /** 0: any free one. */
  port: number
  /** Of the lab's role, where the folder is filled now. Default: a new one. */
  password?: string
  /** Default: those of the npm package of this platform. */
  binaries?: Binaries
  /** Further settings, `name=value`. */
  settings?: string[]
  /** Closed folders on the way that this lab made: if nothing else helps they are opened to the server's account. Default: none. */
  ours?: readonly string[]
  /** Called with every line of the server's log. */
  onLog?: (line: string) => void
}

export interface PostgresServer {
  pid: number
  port: number
  /** With user and password, of the lab's role: it owns its database, and is no superuser. */
  url: string
  /** The same database as the superuser. */
  adminUrl: string
  /** Resolves when the server has ended, wanted or not, with the sentence that explains it. */
  ended: Promise<string>
  /** Resolves when no process of it is left. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
}

/** For a laptop: little memory, few processes, and every commit on disk before it is answered. */
const laptop = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=60',
  'shared_buffers=96MB',
  'max_wal_size=1GB',
  'checkpoint_timeout=15min',
  'wal_level=minimal',
  'max_wal_senders=0',
  'synchronous_commit=on',
  'io_method=sync',
  'jit=off',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_checkpoints=off',
]

/** A server that outlived its guard still holds the folder; a file of a server that is gone must not stop the next. */
async function clearLeftover(folder: string): Promise<void> {
  const leftover = await readPostmaster(folder)
  if (leftover === undefined) return
  const commandLine = await readFile(`/proc/${leftover.pid}/cmdline`, 'utf8').catch(() => undefined)
  // Without /proc the server itself decides: it checks the shared memory that the file names.
  if (commandLine?.includes(folder) === true) await endPostmaster(leftover.pid, 'fast')
  else if (process.platform === 'linux') await rm(join(folder, 'postmaster.pid'), { force: true })
}

/**
 * Starts PostgreSQL from npm on 127.0.0.1 and resolves when it answers. Throws one sentence, with the last line of the
 * server's log, if it does not start. The server ends with this process, however that ends.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { folder, ours, password } = options
  const account = serverAccount()
  const binaries = options.binaries ?? (await findBinaries())
  await clearLeftover(folder)
  const passwords = await ensureCluster(binaries, folder, account, ours, password)
  const port = options.port === 0 ? await freePort() : options.port
  const settings = [...laptop, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting])
  const server = { program: binaries.postgres, args: ['-D', folder, '-p', String(port), ...settings] }
  const { program, args } = withParentWatchdog(server, 'postgres', 'INT')
  const launch = launchAs(account, program, args, [binaries.postgres, folder], ours)
  const child = spawn(launch.command, launch.args, {
    ...(launch.uid === undefined ? {} : { uid: launch.uid, gid: launch.gid }),
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  child.stdin.on('error', () => undefined)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-8_000)
    for (const line of text.split('\n')) if (line !== '') options.onLog?.(line)
  })
  let running = true
  const ended = new Promise<string>((resolve) => {
    const finish = (reason: string) => {
      running = false
      resolve(reason)
    }
    child.once('error', (error) => finish(`PostgreSQL could not be started: ${error.message}`))
    child.once('close', () => finish(`PostgreSQL ended: ${lastLine(log)}`))
  })

  for (const end = Date.now() + 60_000; ; await sleep(15)) {
    const postmaster = await readPostmaster(folder)
    if (running && postmaster?.ready === true && postmaster.port === port) {
      const access = { port, ...passwords }
      await ensureRoles(access)
      const stop = async (how: 'fast' | 'immediate' = 'fast') => {
        await endPostmaster(postmaster.pid, how)
        await ended
      }
      return { pid: postmaster.pid, port, url: urlOf(access), adminUrl: adminUrlOf(access), ended, stop }
    }
    if (!running) throw new Error(`PostgreSQL did not start: ${lastLine(log)}`)
    if (Date.now() > end) {
      child.stdin.end()
      throw new Error(`PostgreSQL was not ready within 60 s: ${lastLine(log)}`)
    }
  }
}
