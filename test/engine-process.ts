import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Command } from '../supervisor/process/command.ts'
import { endGroup, groupRuns, signalGroup } from '../supervisor/process/process-group.ts'
import { withParentWatchdog } from '../supervisor/process/shell-parent-watchdog.ts'

/** A real engine for a test, which can be broken as an engine breaks. */
export interface EngineProcess {
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGSTOP: its connections stay open and nothing answers. */
  pause(): void
  resume(): void
  /** Starts it again on the same port and data, after `kill` or in place of the one that runs; resolves when it answers. */
  restart(): Promise<void>
  /** Ends it for good. */
  stop(): Promise<void>
}

export interface EngineProcessOptions {
  name: string
  /** Asked for at each start. */
  command: () => Promise<Command>
  /** Resolves when it answers. */
  answers: (signal: AbortSignal) => Promise<void>
  /** After the end of the last process. */
  cleanUp: () => Promise<void>
}

const readyWithinMs = 90_000

/** Starts an engine in a process group of its own that ends with this process; resolves when it answers. */
export async function startEngineProcess(options: EngineProcessOptions): Promise<EngineProcess> {
  let child: ChildProcess | undefined
  let said = ''

  async function start(): Promise<void> {
    const { program, args } = withParentWatchdog(await options.command(), options.name)
    const started = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
    child = started
    said = ''
    started.stdin.on('error', () => undefined)
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000)
      })
    const early = once(started, 'exit').then(([code, signal]) => {
      throw new Error(`${options.name} ended before it answered (${signal ?? code}):\n${said}`)
    })
    early.catch(() => undefined)
    await Promise.race([options.answers(AbortSignal.timeout(readyWithinMs)), early])
  }
  async function end(graceMs: number): Promise<void> {
    const group = child?.pid
    if (group !== undefined && groupRuns(group)) await endGroup(group, graceMs)
    child = undefined
  }
  const signal = (name: NodeJS.Signals) => () => {
    if (child?.pid !== undefined) signalGroup(child.pid, name)
  }

  async function kill(): Promise<void> {
    signal('SIGKILL')()
    await end(0)
  }
  async function stop(): Promise<void> {
    await end(5_000)
    await options.cleanUp()
  }
  await start().catch(async (error: unknown) => {
    await kill()
    await options.cleanUp()
    throw error
  })
  return {
    kill,
    pause: signal('SIGSTOP'),
    resume: signal('SIGCONT'),
    async restart() {
      await end(5_000)
      await start()
    },
    stop,
  }
}
