import type { EngineName } from '#contracts/engine-name.ts'
import type { EngineStatus } from '#contracts/protocols/engine.ts'
import { Child, type ChildSurroundings } from '../process/child.ts'
import type { ReadyLine } from '../process/output-line.ts'
import type { Part } from '../process/part.ts'

export interface EngineOptions {
  name: EngineName
  part: Part
  around: ChildSurroundings
  /** Why it cannot be started on this machine, with what to do; undefined if it can. Default: it always can. */
  unavailable?: () => Promise<string | undefined>
  /** How long its process may take until it answers. */
  readyWithinMs: number
  /** Called after each change of `status()`. */
  changed: () => void
}

/**
 * A part that can be started and stopped while the lab runs, and that web may ask for.
 * ABSENT ↔ STOPPED → STARTING → UP ↔ PAUSED; UP → STARTING → UP where it ends by itself; any → STOPPED by request, and
 * then it stays down until it is asked to start.
 */
export class Engine {
  readonly name: EngineName
  readonly part: Part
  readonly #options: EngineOptions
  #status: EngineStatus
  #child: Child | undefined
  #starting: Promise<ReadyLine> | undefined
  /** Whether the child has been up. */
  #served = false
  /** Those who wait for the next change. */
  readonly #waiting = new Set<() => void>()
  /** The end of the child before, which the next start waits for. */
  #ending: Promise<void> = Promise.resolve()

  constructor(options: EngineOptions) {
    this.#options = options
    this.name = options.name
    this.part = options.part
    this.#status = { name: options.name, state: 'stopped' }
  }

  status(): EngineStatus {
    return this.#status
  }

  /** Its process; undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** What its ready line said last. */
  get ready(): ReadyLine | undefined {
    return this.#child?.ready
  }

  #become(status: Omit<EngineStatus, 'name'>): void {
    this.#status = { name: this.name, ...status }
    this.#options.changed()
    for (const look of this.#waiting) look()
  }

  /** Looks whether it could be started here; what runs is not looked at. Gives the reason where it could not. */
  async look(): Promise<string | undefined> {
    const reason = await this.#options.unavailable?.()
    if (this.#child === undefined) {
      if (reason !== undefined) this.#become({ state: 'absent', reason })
      else if (this.#status.state === 'absent') this.#become({ state: 'stopped' })
    }
    return reason
  }

  /** Resolves when it answers; at once where it does already. Rejects with a sentence. */
  start(): Promise<ReadyLine> {
    const { state } = this.#status
    if (state === 'paused') return Promise.reject(new Error(`${this.name} is paused: resume it, or stop it first`))
    const child = this.#child
    if (child !== undefined && this.#served && state === 'starting') return this.#back(child)
    this.#starting ??= this.#begin().catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  /** It ended by itself and is being started again: resolves when it answers, rejects if it is stopped before. */
  #back(child: Child): Promise<ReadyLine> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#child !== child) reject(new Error(`${this.name} was stopped before it was ready`))
        else if (this.#status.state === 'up') resolve(child.ready ?? { ready: true })
        else return
        this.#waiting.delete(look)
      }
      this.#waiting.add(look)
    })
  }

  async #begin(): Promise<ReadyLine> {
    await this.#ending
    const reason = await this.look()
    if (reason !== undefined) throw new Error(reason)
    const child: Child = new Child(this.part, this.#options.around, (state, detail) => {
      if (this.#child === child) this.#become({ state, ...(detail === undefined ? {} : { detail }) })
    })
    this.#child = child
    this.#served = false
    try {
      const ready = await child.start(this.#options.readyWithinMs)
      this.#served = true
      return ready
    } catch (error) {
      // Stopped by request meanwhile, or it failed, and then it is not tried again by itself.
      if (this.#child === child) {
        this.#child = undefined
        await child.stop()
        this.#become({ state: 'stopped', reason: error instanceof Error ? error.message : String(error) })
      }
      throw error
    }
  }

  /** Stops it in order; it stays down. Resolves when no process of it is left. */
  stop(): Promise<void> {
    return this.#end((child) => child.stop(), 'it was asked to stop')
  }

  /** SIGKILL to all of it; it stays down. Resolves when no process of it is left. */
  kill(): Promise<void> {
    return this.#end((child) => child.kill(), 'it was killed on request')
  }

  #end(how: (child: Child) => Promise<void>, reason: string): Promise<void> {
    const child = this.#child
    if (child !== undefined) {
      this.#child = undefined
      this.#starting = undefined
      this.#ending = how(child).then(() => {
        if (this.#child === undefined) this.#become({ state: 'stopped', reason })
      })
    }
    return this.#ending
  }

  /** SIGSTOP to all of it. Throws a sentence if it is not up. */
  pause(): void {
    if (this.#status.state === 'paused') return
    if (this.#status.state !== 'up' || this.#child?.signal('SIGSTOP') !== true)
      throw new Error(`${this.name} is ${this.#status.state}: only one that is up can be paused`)
    this.#become({ state: 'paused' })
  }

  /** SIGCONT to all of it. Throws a sentence if it is not paused; one that is up already is left alone. */
  resume(): void {
    if (this.#status.state === 'up') return
    if (this.#status.state !== 'paused' || this.#child?.signal('SIGCONT') !== true)
      throw new Error(`${this.name} is ${this.#status.state}: only one that is paused can be resumed`)
    this.#become({ state: 'up' })
  }
}
