import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { ask } from '../process/answers.ts'
import type { Command } from '../process/command.ts'

const oldestMajor = 7

export interface RedisOptions {
  /** Where it keeps its append-only file. Absolute; made if it is absent. */
  folder: string
  port: number
  /** Read for PATH. */
  env: NodeJS.ProcessEnv
  /** Further settings, as redis-server takes them: `['--maxmemory', '4mb']`; they win. */
  settings?: readonly string[]
}

/** There is no Redis that can be started; the message says what to do. */
export class NoRedis extends Error {
  override readonly name = 'NoRedis'
}

const mend =
  'install it (`apt-get install redis-server`, `brew install redis`), set REDIS_URL to one that runs elsewhere, or use ' +
  '`docker compose up`'

/** The `redis-server` of the PATH. Rejects with `NoRedis` if there is none, or an old one. */
async function findRedis(env: NodeJS.ProcessEnv): Promise<string> {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const path = folders.map((folder) => join(folder, 'redis-server')).find(canRun)
  if (path === undefined) throw new NoRedis(`redis-server is not on this machine: ${mend}`)
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 })
  const version = /\bv=([\d.]+)/.exec(stdout)?.[1]
  if (version === undefined) throw new NoRedis(`${path} does not print its version: ${mend}`)
  if (Number.parseInt(version, 10) < oldestMajor)
    throw new NoRedis(`The lab needs Redis ${oldestMajor} or newer and ${path} is ${version}: ${mend}`)
  return path
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Why Redis could not be started here, with what to do; undefined if it can. */
export async function redisUnavailable(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    await findRedis(env)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * The command that runs Redis on 127.0.0.1. Every write is on the disk before it is answered. `everysec` would not do: while an
 * fsync is slow Redis puts off the write as well, for up to two seconds, and a SIGKILL loses what it has answered. It refuses
 * writes when memory is full instead of forgetting keys.
 */
export async function prepareRedis({ folder, port, env, settings = [] }: RedisOptions): Promise<Command> {
  const program = await findRedis(env)
  await mkdir(folder, { recursive: true })
  const own = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    daemonize: 'no',
    appendonly: 'yes',
    appendfsync: 'always',
    // Snapshots would say nothing that the append-only file does not.
    save: '',
    'maxmemory-policy': 'noeviction',
  }
  return { program, args: [...Object.entries(own).flatMap(([name, value]) => [`--${name}`, value]), ...settings] }
}

/** Resolves where Redis answers a PING on this port; one that still reads its file answers with an error. */
export async function redisAnswers(port: number): Promise<void> {
  const answer = await ask(port, Buffer.from('PING\r\n'), (text) => text.includes('\r\n'))
  if (!answer.toString('latin1').startsWith('+PONG')) throw new Error(answer.toString('latin1').trim())
}
