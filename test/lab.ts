import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../supervisor/process/ports.ts'
import { until } from './until.ts'

/** A whole lab of its own, started as a user starts it, on a free port and in a temporary data folder. */
export interface Lab {
  url: string
  /** What `npm start` printed so far. */
  output(): string
  /** SIGTERM as Ctrl-C does; resolves with the exit code when all has stopped, and removes the data folder. */
  stop(): Promise<number | null>
  supervisorPid: number
  /** Absolute path of its data folder. */
  dataDir: string
}

/** Starts the lab of the checkout at `root` and waits until it is ready to publish. */
export async function startLab(env: Record<string, string> = {}, root = process.cwd()): Promise<Lab> {
  const port = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), 'faultline-lab-'))
  // PostgreSQL runs as a user of its own where the lab is started by root, and must reach its folder.
  chmodSync(dataDir, 0o755)
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), FAULTLINE_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  // Who started it may end in the middle of something.
  const endWithUs = (): void => void child.kill('SIGTERM')
  process.once('exit', endWithUs)
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  void exited.then(() => process.off('exit', endWithUs))
  const url = `http://127.0.0.1:${port}`
  await Promise.race([
    until('a ready lab', async () => (await fetch(`${url}/readyz`)).ok, 180_000),
    exited.then((code) => {
      throw new Error(`the lab ended with ${code} before it was ready:\n${printed}`)
    }),
  ]).catch(async (error: unknown) => {
    // Nobody else knows of it.
    child.kill('SIGTERM')
    await exited
    rmSync(dataDir, { recursive: true, force: true })
    throw error
  })
  return {
    url,
    output: () => printed,
    supervisorPid: child.pid ?? 0,
    dataDir,
    stop: async () => {
      child.kill('SIGTERM')
      const code = await exited
      rmSync(dataDir, { recursive: true, force: true })
      return code
    },
  }
}
