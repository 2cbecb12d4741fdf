import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { z } from 'zod'
import { freePort } from './process/ports.ts'
import { labMarkVariable } from './process/process-group.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const runFile = z.object({
  ports: z.record(z.string(), z.int()),
  children: z.record(z.string(), z.object({ pid: z.int() })),
})

/** A lab that was started. */
export interface Start {
  lab: ChildProcess
  /** What it printed so far. */
  output: () => string
  ended: Promise<unknown[]>
}

/** For the tests of one file: a data folder and a port for each test, and real starts of the whole lab on them. */
export function startedLabs() {
  let folder: string
  let port: number
  const started: ChildProcess[] = []

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-start-'))
    port = await freePort()
  })
  afterEach(async () => {
    for (const lab of started.splice(0)) if (lab.exitCode === null && lab.signalCode === null) lab.kill('SIGKILL')
    await nothingRuns()
    rmSync(folder, { recursive: true, force: true })
  })

  function start(env: Record<string, string> = {}, command = [process.execPath, 'scripts/start.mjs']): Start {
    const data = join(folder, 'data')
    const [program = '', ...args] = command
    const lab = spawn(program, args, {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', FAULTLINE_DATA_DIR: data, PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.push(lab)
    let text = ''
    for (const stream of [lab.stdout, lab.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
    }
    return { lab, output: () => text, ended: once(lab, 'exit') }
  }
  const says = (of: Start, words: string) =>
    vi.waitFor(
      () => {
        if (of.lab.exitCode !== null && !of.output().includes(words)) throw new Error(`it ended: ${of.output()}`)
        expect(of.output()).toContain(words)
      },
      { timeout: 240_000, interval: 50 },
    )
  const state = () => runFile.parse(JSON.parse(readFileSync(join(folder, 'data', 'run.json'), 'utf8')))
  const pidOf = (name: string) => state().children[name]?.pid ?? 0

  /** Processes that carry the mark of this data folder, workers and PostgreSQL included. */
  function running(): string[] {
    const mark = `${labMarkVariable}=${join(folder, 'data')}`
    return readdirSync('/proc').filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return false
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
        return environment.includes(mark) || commandLine.includes(join(folder, 'data'))
      } catch {
        return false
      }
    })
  }
  const nothingRuns = () => vi.waitFor(() => expect(running()).toEqual([]), { timeout: 100_000, interval: 100 })
  const lockIsGone = () => expect(existsSync(join(folder, 'data', 'lock'))).toBe(false)

  return {
    get folder() {
      return folder
    },
    get port() {
      return port
    },
    start,
    says,
    state,
    pidOf,
    running,
    nothingRuns,
    lockIsGone,
  }
}
