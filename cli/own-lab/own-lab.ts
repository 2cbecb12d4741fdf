import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { packageRoot } from '../package-root.ts'

/** A lab that was started for a command, and ends with it. */
export interface OwnLab {
  url: string
  /** Stops it in order and removes its data folder. */
  stop(): Promise<void>
}

const readyWithinMs = 300_000
const lookEveryMs = 200
/** What it printed last, kept for the sentence that says why it did not start. */
const keptOutput = 4_000

/** Starts a lab in a temporary data folder on a free port, and waits until it can publish. Rejects with what it printed if it does not. */
export async function startOwnLab(options: {
  broker?: string | undefined
  labFile?: string | undefined
  signal: AbortSignal
}): Promise<OwnLab> {
  const port = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), 'faultline-run-'))
  // PostgreSQL runs as an account of its own where the lab is started by root, and must reach its folder.
  chmodSync(dataDir, 0o755)
  const { args, cwd } = startCommand()
  const child = spawn(process.execPath, args, {
    cwd,
    env: {
      ...process.env,
      ...{ PORT: String(port), HOST: '127.0.0.1', FAULTLINE_DATA_DIR: dataDir },
      ...(options.broker === undefined ? {} : { BROKER: options.broker }),
      ...(options.labFile === undefined ? {} : { FAULTLINE_LAB: options.labFile }),
      // So it ends when this process is killed, and leaves nothing: what npm starts watches its parent.
      ...{ npm_lifecycle_event: 'start', FAULTLINE_DATA_DIR_REMOVE: '1' },
    },
    // A Ctrl-C is for the command, which rolls back before it stops the lab.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-keptOutput)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await gone
    rmSync(dataDir, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await ready(url, child, options.signal)
    return { url, stop }
  } catch (error) {
    await stop()
    if (options.signal.aborted) throw new CommandError('interrupted', exitCodes.interrupted)
    throw new CommandError(
      `${error instanceof Error ? error.message : error}\n${printed.trim()}`,
      exitCodes.inconclusive,
    )
  }
}

/** A checkout builds what changed; the installed package is built, and takes `.env` from where the command was typed. */
function startCommand(): { args: string[]; cwd: string } {
  const building = join(packageRoot, 'scripts', 'start.mjs')
  if (existsSync(building)) return { args: [building], cwd: packageRoot }
  return { args: [join(packageRoot, 'cli', 'faultline.mjs'), 'start'], cwd: process.cwd() }
}

async function ready(url: string, child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + readyWithinMs; ; ) {
    signal.throwIfAborted()
    if (child.exitCode !== null) throw new Error(`the lab ended with code ${child.exitCode} before it was ready:`)
    if (
      await fetch(`${url}/readyz`, { signal }).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return
    if (Date.now() > deadline) throw new Error(`the lab was not ready after ${readyWithinMs / 1_000} s:`)
    await sleep(lookEveryMs, undefined, { signal })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port is free')),
      )
    })
  })
}
