import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRedactor, type Redact } from '#contracts/secrets.ts'
import { LogFile } from './log-file.ts'
import { isStackFrame, type ReadyLine, readOutputLine, saysTrouble } from './output-line.ts'
import type { Part } from './part.ts'
import { endGroup, groupRuns, signalTree } from './process-group.ts'
import { identityOf } from './process-identity.ts'
import type { RunFile } from './run-file.ts'
import { withParentWatchdog } from './shell-parent-watchdog.ts'
import type { Terminal } from './terminal.ts'

const firstBackoffMs = 200
const longestBackoffMs = 10_000
/** A child that ran this long has recovered: its next restart is quick again. */
const steadyMs = 30_000

export interface ChildSurroundings {
  /** Working folder of the children: the checkout. */
  root: string
  terminal: Terminal
  runFile: RunFile
  logFolder: string
  /** Whether the lab is being stopped: what a child says of the others going away is no news. */
  stopping: () => boolean
}

/** What a child reports of itself; `detail` is for a person. */
export type ChildNews = (state: 'starting' | 'up', detail?: string) => void

interface Run {
  process: ChildProcess
  startedAt: number
  /** Resolves when the process is gone, with how it ended. */
  over: Promise<string>
  ready: Promise<ReadyLine>
}

/**
 * One child process and its successors, for one life: it is started once and stopped once.
 * IDLE → STARTING → READY → (BACKOFF → STARTING) … → STOPPED.
 * It leads a process group of its own, and its standard input is its parent watchdog: a pipe that ends with the supervisor.
 */
export class Child {
  readonly part: Part
  readonly #around: ChildSurroundings
  readonly #news: ChildNews
  readonly #log: LogFile
  /** What it says is for a person or a file, and its environment holds secrets. */
  readonly #redact: Redact
  readonly #ending = new AbortController()
  #run: Run | undefined
  #wasReady = false
  #restarts = 0
  #lastWords = ''
  /** Settles when no successor will come. */
  #life: Promise<void> = Promise.resolve()
  /** What its ready line said last. */
  ready: ReadyLine | undefined

  constructor(part: Part, around: ChildSurroundings, news: ChildNews = () => undefined) {
    this.part = part
    this.#around = around
    this.#news = news
    this.#log = new LogFile(around.logFolder, part.name)
    this.#redact = createRedactor(part.env)
  }

  /** Its process, which is also the number of its group; undefined while none runs. */
  get pid(): number | undefined {
    return this.#run?.process.pid
  }

  /**
   * Starts it and resolves when it is ready. Rejects with a sentence where it ends before, is not ready `withinMs` after
   * its process began, or is stopped. Once it was ready it is started again, for ever, whenever it ends by itself.
   */
  async start(withinMs: number): Promise<ReadyLine> {
    const launched = this.#launch(withinMs)
    this.#life = launched.then(
      () => this.#keepRunning(),
      () => undefined,
    )
    return await launched
  }

  async #launch(withinMs?: number): Promise<ReadyLine> {
    const { part } = this
    const { signal } = this.#ending
    const restart = this.#restarts === 0 ? undefined : `restart ${this.#restarts}`
    this.#news('starting', restart)
    const progress = (what: string) => {
      const doing = this.#redact(what)
      this.#news('starting', doing)
      this.#log.write(`${doing}\n`)
      this.#around.terminal.say(`… ${part.name}: ${doing}`)
    }
    const command = await part.command(progress, signal).catch((error: unknown) => {
      throw signal.aborted ? this.#stoppedEarly() : error
    })
    if (signal.aborted) throw this.#stoppedEarly()
    this.#news('starting', restart)
    const run = this.#spawn(part.ours ? command : withParentWatchdog(command, part.name))
    this.#run = run
    const settled = new AbortController()
    const never = new Promise<never>(() => undefined)
    const tooLate = () => {
      throw new Error(`${part.name} was not ready within ${(withinMs ?? 0) / 1000} s; its log is ${this.#log.path}`)
    }
    const late =
      withinMs === undefined ? never : sleep(withinMs, undefined, { signal: settled.signal }).then(tooLate, () => never)
    const early = run.over.then((how) => {
      if (signal.aborted) throw this.#stoppedEarly()
      throw new Error(`${part.name} ended before it was ready (${how})${this.#lastSaid()}`)
    })
    const probed = typeof part.ready === 'function' ? this.#probed(part.ready(settled.signal)) : run.ready
    try {
      this.ready = await Promise.race([probed, early, late])
    } finally {
      settled.abort()
    }
    this.#wasReady = true
    this.#news('up', restart)
    return this.ready
  }

  async #probed(probe: Promise<void>): Promise<ReadyLine> {
    await probe
    return { ready: true, ...(this.part.port === undefined ? {} : { port: this.part.port }) }
  }

  #stoppedEarly = (): Error => new Error(`${this.part.name} was stopped before it was ready`)
  #lastSaid = (): string => (this.#lastWords === '' ? '' : `: ${this.#lastWords}`)

  #spawn({ program, args }: { program: string; args: string[] }): Run {
    const { part } = this
    const { channel } = part
    const child = spawn(program, args, {
      cwd: this.#around.root,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', ...(channel === undefined ? [] : ['ipc' as const])],
      env: part.env,
    })
    const identity = child.pid === undefined ? undefined : identityOf(child.pid)
    if (identity !== undefined) this.#around.runFile.setChild(part.name, identity)
    if (channel !== undefined) {
      child.on('message', (message) => channel.message(message))
      child.once('disconnect', () => channel.closed())
      // A message to a process that ends at this moment is lost, as it would be a moment later.
      channel.opened((message) => void (child.connected && child.send(message, () => undefined)))
    }
    // Typed as possibly absent because the number of pipes varies above; these three are always there.
    const [stdin, stdout, stderr] = child.stdio as unknown as [Writable, Readable, Readable]
    stdin.on('error', () => undefined)
    createInterface({ input: stderr }).on('line', (said) => {
      const line = this.#redact(said)
      this.#log.write(`${line}\n`)
      if (part.ours ? !isStackFrame(line) : saysTrouble(line)) this.#lastWords = line.trim()
    })
    const ready = new Promise<ReadyLine>((resolve) => {
      if (part.ready === 'at-once') resolve({ ready: true })
      createInterface({ input: stdout }).on('line', (line) => {
        const said = part.ours ? this.#heard(line) : this.#overheard(line)
        if (said !== undefined) resolve(said)
      })
    })
    const over = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      // What it said last is still in the pipes.
      child.once('exit', (code, signal) => setImmediate(resolve, signal ?? howOf(code)))
    })
    return { process: child, startedAt: Date.now(), over, ready }
  }

  #heard(said: string): ReadyLine | undefined {
    const { terminal } = this.#around
    const line = this.#redact(said)
    this.#log.write(`${line}\n`)
    const output = readOutputLine(line)
    if (output.kind === 'ready') {
      // The one line that is for this process: PostgreSQL's has the password in it.
      const whole = readOutputLine(said)
      if (whole.kind === 'ready') this.ready = whole.ready
      return this.ready
    }
    if (output.kind === 'text') terminal.say(output.text)
    if (output.kind === 'trouble') {
      this.#lastWords = output.text
      if (this.#wasReady && !this.#around.stopping()) terminal.warn(`${this.part.name}: ${output.text}`)
    }
    return undefined
  }

  #overheard(said: string): undefined {
    const line = this.#redact(said)
    this.#log.write(`${line}\n`)
    if (saysTrouble(line)) this.#lastWords = line.trim()
  }

  /** Waits for the end of each process and starts the next one, until it is asked to stop. */
  async #keepRunning(): Promise<void> {
    const { terminal } = this.#around
    const { part } = this
    const { signal } = this.#ending
    let backoffMs = firstBackoffMs
    let how = ''
    while (!signal.aborted) {
      if (this.#run !== undefined) {
        how = await this.#run.over
        if (Date.now() - this.#run.startedAt > steadyMs) backoffMs = firstBackoffMs
      }
      if (signal.aborted) break
      this.#news('starting', `it ended (${how})`)
      const where = part.port === undefined ? '' : ` on port ${part.port}`
      // An old complaint explains no signal.
      const why = how.startsWith('exit code') ? this.#lastSaid() : ''
      terminal.warn(`${part.name} ended (${how})${why}; it is started again${where} in ${backoffMs} ms`)
      await this.#clearAway()
      await sleep(backoffMs, undefined, { signal }).catch(() => undefined)
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs)
      if (signal.aborted) break
      this.#restarts += 1
      this.#lastWords = ''
      const startedAt = Date.now()
      try {
        await this.#launch()
        terminal.done(`${part.name} is back`, `restart ${this.#restarts}`, startedAt)
      } catch (error) {
        // What it needs could not be made ready, or it ended before it was: the next round says so and tries again.
        how = error instanceof Error ? error.message : String(error)
      }
    }
  }

  /** Its own children lost their parent watchdog with it and end by themselves; whatever does not is ended. */
  async #clearAway(): Promise<void> {
    const group = this.pid
    this.#run = undefined
    if (group !== undefined) {
      for (const end = Date.now() + this.part.graceMs; Date.now() < end && groupRuns(group); ) await sleep(50)
      if (groupRuns(group)) await endGroup(group, 1_000)
    }
    this.#around.runFile.setChild(this.part.name, undefined)
  }

  /** Asks it to stop, wakes it if it is paused, and kills its group if it does not end in its grace time. */
  async stop(): Promise<void> {
    this.#ending.abort()
    const run = this.#run
    const group = run?.process.pid
    if (run !== undefined && group !== undefined) {
      run.process.kill('SIGTERM')
      run.process.stdin?.end()
      signalTree(group, 'SIGCONT')
      await Promise.race([run.over, sleep(this.part.graceMs, undefined, { ref: false })])
      if (groupRuns(group)) await endGroup(group, 500)
      await run.over
    }
    await this.#close()
  }

  async #close(): Promise<void> {
    await this.#life
    this.#run = undefined
    this.#around.runFile.setChild(this.part.name, undefined)
    this.#log.close()
  }

  /** SIGSTOP or SIGCONT to all of it; false if no process of it runs. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): boolean {
    return this.pid !== undefined && signalTree(this.pid, signal)
  }

  /** SIGKILL to all of it, now; resolves when no process of it is left. */
  async kill(): Promise<void> {
    this.#ending.abort()
    const group = this.pid
    if (group !== undefined) {
      signalTree(group, 'SIGKILL')
      await endGroup(group, 0)
    }
    await this.#close()
  }
}

/** A shell says with a code above 128 that a signal ended what it ran. */
function howOf(code: number | null): string {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0]
  return signal ?? `exit code ${code}`
}
