import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogFile } from './log-file.ts'
import { type ReadyLine, readOutputLine } from './output-line.ts'
import type { Part } from './parts.ts'
import { endGroup, groupRuns, signalGroup } from './process-group.ts'
import { identityOf } from './process-identity.ts'
import type { RunFile } from './run-file.ts'
import type { Terminal } from './terminal.ts'

const firstBackoffMs = 200
const longestBackoffMs = 10_000
/** A child that ran this long has recovered: its next restart is quick again. */
const steadyMs = 30_000

/** What Node prints around the message of an error that ends it, and says nothing by itself. */
const isStackFrame = (line: string): boolean => /^\s*(at .*|Node\.js v.*|[\^~]*|[{}]|code: .*|\w+:\d+)$/.test(line)

export interface ChildSurroundings {
  /** Working folder of the children: the checkout. */
  root: string
  terminal: Terminal
  runFile: RunFile
  logFolder: string
  /** Whether the lab is being stopped: what a child says of the others going away is no news. */
  stopping: () => boolean
}

/**
 * One child process and its successors.
 * IDLE → STARTING → READY → (BACKOFF → STARTING) … → STOPPING → STOPPED.
 * It leads a process group of its own, and its standard input is its lifeline: a pipe that ends with the supervisor.
 */
export class Child {
  readonly part: Part
  readonly #around: ChildSurroundings
  readonly #log: LogFile
  #process: ChildProcess | undefined
  #startedAt = 0
  #backoffMs = firstBackoffMs
  #stopping = false
  #wasReady = false
  #restarts = 0
  #lastWords = ''
  /** Settles when the current process is gone. */
  #over: Promise<void> = Promise.resolve()
  /** What its ready line said last. */
  ready: ReadyLine | undefined

  constructor(part: Part, around: ChildSurroundings) {
    this.part = part
    this.#around = around
    this.#log = new LogFile(around.logFolder, part.name)
  }

  /** Its process, which is also the number of its group; undefined while none runs. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /**
   * Starts it and resolves when it is ready. Rejects with a sentence where it ends before, or is not ready in
   * `withinMs`. Once it was ready it is started again, for ever, whenever it ends by itself.
   */
  async start(withinMs: number): Promise<ReadyLine> {
    if (!existsSync(this.part.entry)) throw new Error(`${this.part.name} is not built: ${this.part.entry} is missing`)
    const timeout = new AbortController()
    const late = sleep(withinMs, undefined, { signal: timeout.signal }).then(
      () => {
        throw new Error(`${this.part.name} was not ready within ${withinMs / 1000} s; its log is ${this.#log.path}`)
      },
      () => new Promise<never>(() => undefined),
    )
    try {
      return await Promise.race([this.#launch(), late])
    } finally {
      timeout.abort()
    }
  }

  #launch(): Promise<ReadyLine> {
    const { part } = this
    const child = spawn(process.execPath, ['--enable-source-maps', part.entry], {
      cwd: this.#around.root,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: part.env,
    })
    this.#process = child
    this.#startedAt = Date.now()
    const identity = child.pid === undefined ? undefined : identityOf(child.pid)
    if (identity !== undefined) this.#around.runFile.setChild(part.name, identity)
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#log.write(`${line}\n`)
      if (!isStackFrame(line)) this.#lastWords = line.trim()
    })
    return new Promise((resolve, reject) => {
      if (!part.announces) {
        this.#wasReady = true
        resolve({ ready: true })
      }
      createInterface({ input: child.stdout }).on('line', (line) => {
        const ready = this.#heard(line)
        if (ready === undefined) return
        this.ready = ready
        this.#wasReady = true
        resolve(ready)
      })
      this.#over = new Promise((over) => {
        let done = false
        const finish = (how: string) => {
          if (done) return
          done = true
          this.#process = undefined
          over()
          const said = this.#lastWords === '' ? '' : `: ${this.#lastWords}`
          if (this.#wasReady) void this.#ended(child.pid, how)
          else reject(new Error(`${part.name} ended before it was ready (${how})${said}`))
        }
        child.once('error', (error) => finish(error.message))
        child.once('exit', (code, signal) => setImmediate(finish, signal ?? `exit code ${code}`))
      })
    })
  }

  #heard(line: string): ReadyLine | undefined {
    const { terminal } = this.#around
    this.#log.write(`${line}\n`)
    const output = readOutputLine(line)
    if (output.kind === 'ready') return output.ready
    if (output.kind === 'text') terminal.say(output.text)
    if (output.kind === 'trouble') {
      this.#lastWords = output.text
      if (this.#wasReady && !this.#around.stopping()) terminal.warn(`${this.part.name}: ${output.text}`)
    }
    return undefined
  }

  async #ended(group: number | undefined, how: string): Promise<void> {
    const { terminal, runFile } = this.#around
    const { part } = this
    if (!this.#stopping) {
      if (Date.now() - this.#startedAt > steadyMs) this.#backoffMs = firstBackoffMs
      const where = part.port === undefined ? '' : ` on port ${part.port}`
      terminal.warn(`${part.name} ended (${how}); it is started again${where} in ${this.#backoffMs} ms`)
    }
    if (group !== undefined) {
      // Its own children lost their lifeline with it and end by themselves; whatever does not is ended.
      for (const end = Date.now() + part.graceMs; Date.now() < end && groupRuns(group); ) await sleep(50)
      if (groupRuns(group)) await endGroup(group, 1_000)
    }
    runFile.setChild(part.name, undefined)
    if (this.#stopping) return
    await sleep(this.#backoffMs)
    this.#backoffMs = Math.min(this.#backoffMs * 2, longestBackoffMs)
    if (this.#stopping) return
    this.#restarts += 1
    const startedAt = Date.now()
    // A process that ends before it is ready comes back here, as #wasReady stays true.
    await this.#launch().then(() => {
      if (!this.#stopping) terminal.done(`${part.name} is back`, `restart ${this.#restarts}`, startedAt)
    })
  }

  /** Asks it to stop, wakes it if it is paused, and kills its group where it does not end in its grace time. */
  async stop(): Promise<void> {
    this.#stopping = true
    const group = this.#process?.pid
    if (group !== undefined) {
      const over = this.#over
      const asked = this.#process
      asked?.kill('SIGTERM')
      asked?.stdin?.end()
      signalGroup(group, 'SIGCONT')
      await Promise.race([over, sleep(this.part.graceMs, undefined, { ref: false })])
      if (groupRuns(group)) await endGroup(group, 500)
      await over
      this.#around.runFile.setChild(this.part.name, undefined)
    }
    this.#log.close()
  }

  /** SIGKILL to the whole group, now. */
  kill(): void {
    this.#stopping = true
    if (this.#process?.pid !== undefined) signalGroup(this.#process.pid, 'SIGKILL')
  }
}
