import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { get } from 'node:http'
import { ownPorts } from '#contracts/protocols/own-ports.ts'
import { endingInWords } from './ending.ts'
import { commandProblem } from './find-command.ts'
import { outputLimits, readOutput } from './output-lines.ts'
import { freePort, listeningAt } from './port.ts'
import { type GroupWatchdog, startGroupWatchdog } from './watchdog.ts'

export interface ProgramOptions {
  command: readonly string[]
  directory: string
  /** Path that answers 2xx once the program is ready. Default: its port is open. */
  ready?: string | undefined
  readyWithinMs: number
  /** What the program finds in its environment. Throws if that cannot be made. */
  environment: (given: { port: number; mark: string }) => Record<string, string>
  /** Takes secrets out of a line before anybody sees it, or keeps it as the program's last word. */
  redact: (line: string) => string
  onLine: (stream: 'stdout' | 'stderr', line: string) => void
  /** Called once a second with the number of lines that were left out. */
  onHeldBack: (lines: number) => void
  /** It runs, as the leader of the process group `pid`. */
  onStarted: (pid: number) => void
}

/** A program could not be started, was not ready in time, or ended; the message says which, for a person. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed'
}

/** A program that is ready. */
export interface Program {
  /** Where it answers. */
  readonly url: URL
  /** Aborts at once when it has ended, with a `ProgramFailed` that says how. */
  readonly gone: AbortSignal
  /** Resolves when nothing of it runs any more, with how it ended and its last word on standard error. */
  readonly ended: Promise<string>
  /** Told to stop, then killed after `graceMs`, with everything that it started. Resolves when nothing of it runs. */
  stop(graceMs: number): Promise<void>
}

const lookEveryMs = 50
const readyAnswerMs = 2_000
/** How long its last lines may take to be read. */
const lastWordsMs = 500

/**
 * STARTING → READY → ENDED. STARTING: until the port is open, or the ready path answers 2xx. A program that is not ready in time is
 * ended. Resolves at READY; rejects with `ProgramFailed` when nothing of it runs any more. `stopping` ends the wait.
 */
export async function startProgram(options: ProgramOptions, stopping: AbortSignal): Promise<Program> {
  const { command, directory, readyWithinMs, onStarted } = options
  const [file = '', ...args] = command
  const port = await freePort()
  const mark = randomUUID()
  const env = options.environment({ port, mark })
  const problem = await commandProblem(file, directory, env.PATH)
  if (problem !== undefined) throw new ProgramFailed(problem)
  const child = spawn(file, args, { cwd: directory, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  const watchdog = pid === undefined ? undefined : startGroupWatchdog(pid, mark)
  if (pid !== undefined) onStarted(pid)
  const lastError = passOutput(child, options)
  ownPorts().add(port)
  const leaving = new AbortController()
  // Every call under way listens to it.
  setMaxListeners(0, leaving.signal)
  const ended = whenEnded(child, watchdog, lastError, leaving).finally(() => ownPorts().delete(port))

  async function stop(graceMs: number): Promise<void> {
    if (pid !== undefined) signalGroup(pid, 'SIGTERM')
    const kill = setTimeout(() => pid !== undefined && signalGroup(pid, 'SIGKILL'), graceMs)
    await ended
    clearTimeout(kill)
  }

  const overdue = AbortSignal.timeout(readyWithinMs)
  try {
    const host = await untilReady(options, port, ended, AbortSignal.any([overdue, stopping]))
    return { url: new URL(`http://${host === '::1' ? '[::1]' : host}:${port}/`), gone: leaving.signal, ended, stop }
  } catch (error) {
    await stop(stopping.aborted ? 1_000 : 200)
    if (overdue.aborted && !stopping.aborted) {
      const what = options.ready === undefined ? `open its port ${port}` : `answer ${options.ready} with 2xx`
      throw new ProgramFailed(`it did not ${what} within ${readyWithinMs} ms (PORT says which port)`)
    }
    throw error
  }
}

/** Resolves with the host at which it answers; rejects if it ends first, or the signal aborts. */
async function untilReady(
  { ready }: ProgramOptions,
  port: number,
  ended: Promise<string>,
  giveUp: AbortSignal,
): Promise<string> {
  let failure: ProgramFailed | undefined
  const over = ended.then((how) => {
    failure = new ProgramFailed(`it ended before it was ready: ${how}`)
  })
  for (;;) {
    giveUp.throwIfAborted()
    const host = await listeningAt(port)
    if (failure) throw failure
    if (host !== undefined && (ready === undefined || (await answers(host, port, ready)))) return host
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, lookEveryMs))])
    if (failure) throw failure
  }
}

function answers(host: string, port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, timeout: readyAnswerMs }, ({ statusCode = 0 }) => {
      resolve(statusCode >= 200 && statusCode < 300)
      request.destroy()
    })
    request.once('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
    request.once('close', () => resolve(false))
  })
}

/** Resolves when nothing of the program runs, with how it ended and its last word on standard error. */
async function whenEnded(
  child: ChildProcess,
  watchdog: GroupWatchdog | undefined,
  lastError: () => string | undefined,
  leaving: AbortController,
): Promise<string> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const how = await new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(`it could not be started: ${message}`))
    child.once('exit', (code, signal) => resolve(endingInWords(code, signal)))
  })
  leaving.abort(new ProgramFailed(`the program ended: ${how}`))
  await watchdog?.sweep()
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, lastWordsMs))])
  const said = lastError()
  return said === undefined ? how : `${how}: ${said}`
}

/** Passes its lines on; gives its last line on standard error. */
function passOutput(child: ChildProcess, { redact, onLine, onHeldBack }: ProgramOptions): () => string | undefined {
  let last: string | undefined
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = child[name]
    if (!stream) continue
    const take = (read: string): void => {
      const line = redact(read)
      if (name === 'stderr') last = line.trim().slice(0, 300)
      onLine(name, line)
    }
    readOutput(stream, outputLimits, take, onHeldBack)
  }
  return () => last
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // Nothing of it runs any more.
  }
}
