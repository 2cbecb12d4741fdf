import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import type { CommandReply, WorkerCommand, WorkerState } from '#contracts/protocols/worker.ts'
import type { ReplicaOptions } from './replica-options.ts'
import { type ReplicaRun, startReplica } from './replica-run.ts'
import { shownAs } from './shown-state.ts'

export interface Replica {
  status(): ReplicaStatus
  start(): void
  /** Rejects never: a worker that is not there, dies or does not answer gives an error reply. */
  send(command: WorkerCommand): Promise<CommandReply>
  /**
   * No process runs until `release` is called with the same name: the one that does gets SIGTERM, and SIGKILL after
   * `graceMs` (0: SIGKILL at once). Resolves with the time, epoch milliseconds, when none was left.
   */
  hold(by: string, how: { graceMs: number; detail: string }): Promise<number>
  /** Starts again unless another holds it too. */
  release(by: string): void
  /** SIGSTOP. Resolves with the time, epoch milliseconds, when the process was seen stopped; rejects if none runs. */
  pause(): Promise<number>
  /** SIGCONT. Resolves when the process was seen running, or is gone. */
  resume(): Promise<void>
  /** SIGTERM, then SIGKILL after `graceMs`. Resolves when no process is left. `reason` is shown meanwhile. */
  stop(graceMs: number, reason?: string): Promise<void>
}

/** What is reported of a state: its name, since when, and why. */
type Shown = Pick<ReplicaStatus, 'state' | 'since' | 'detail' | 'away'>

/** What a replica is doing, with what only that state has. */
type State =
  /** No process, and none comes by itself: not started yet, stopped, or held by a fault. */
  | { doing: 'resting'; shown: Shown }
  /** Waits for its epoch. The state itself identifies the start: one that is not current any more does nothing. */
  | { doing: 'asking'; shown: Shown }
  /** `isEnding`: a fault ends the process. Its end is not a crash, also if the fault is over first. */
  | { doing: 'running'; shown: Shown; run: ReplicaRun; isEnding: boolean; pause?: Pause }
  | { doing: 'backing-off'; shown: Shown; timer: NodeJS.Timeout; nextStartAt: number }

type Pause = { resume: () => Promise<void> }

/**
 * One replica of the worker over all its processes.
 * STOPPED → STARTING → WAITING-FOR-BROKER ⇄ UP → STOPPING → STOPPED, as the worker itself reports.
 * A process that ends without having been asked to, whatever its exit code, leads to BACKOFF and then STARTING again.
 * Faults: any → KILLED while held, then STARTING; a process that is paused is PAUSED whatever it was before.
 */
export function createReplica(options: ReplicaOptions): Replica {
  const { instance, broker, onEvent } = options
  const stopping = new AbortController()
  const heldBy = new Map<string, string>()
  let stopReason: string | undefined
  let restarts = 0
  let state: State = { doing: 'resting', shown: { state: 'stopped', since: Date.now() } }

  function shown(name: ReplicaStatus['state'], detail?: string): Shown {
    const since = name === state.shown.state ? state.shown.since : Date.now()
    return { state: name, since, ...(detail === undefined ? {} : { detail }) }
  }

  function enter<Next extends State>(next: Next): Next {
    state = next
    options.onChange()
    return next
  }

  /** The state stays; what is reported of it changes. */
  function show(name: ReplicaStatus['state'], detail?: string): void {
    state.shown = shown(name, detail)
    options.onChange()
  }

  function leaveBackoff(): void {
    if (state.doing === 'backing-off') clearTimeout(state.timer)
  }

  async function start(): Promise<void> {
    leaveBackoff()
    if (!options.epoch) return launch(undefined)
    const detail = 'waits for the control plane to grant it an epoch'
    const asking = enter({ doing: 'asking', shown: shown('starting', detail) })
    const epoch = await options.epoch(instance, stopping.signal).catch(() => undefined)
    // Only a stop ends the wait without one.
    if (epoch !== undefined && state === asking) launch(epoch)
  }

  function launch(epoch: number | undefined): void {
    if (stopping.signal.aborted || heldBy.size > 0) return
    const run = startReplica(options, epoch, { onState, onEnded, isCommanded })
    enter({ doing: 'running', shown: shown('starting'), run, isEnding: false })
    onEvent('info', `started as process ${run.pid ?? '?'}${epoch === undefined ? '' : ` with epoch ${epoch}`}`)
  }

  const isCommanded = (): boolean =>
    stopping.signal.aborted || heldBy.size > 0 || (state.doing === 'running' && state.isEnding)

  function onState({ state: said, detail, away }: WorkerState): void {
    const next = shown(shownAs[said], stopReason ?? detail)
    state.shown = away === undefined ? next : { ...next, away }
    options.onChange()
  }

  function onEnded(how: string, said: string | undefined): void {
    const { ranMs, isEnding } =
      state.doing === 'running' ? { ranMs: state.run.ranMs(), isEnding: state.isEnding } : { ranMs: 0, isEnding: false }
    if (stopping.signal.aborted) {
      onEvent(how === 'code 0' ? 'info' : 'warn', `stopped (${how})`)
      enter({ doing: 'resting', shown: shown('stopped') })
      return
    }
    const [held] = heldBy.values()
    if (held !== undefined) {
      onEvent('warn', `${held} (${how})`)
      restarts += 1
      enter({ doing: 'resting', shown: shown('killed', held) })
    } else if (isEnding) void start()
    else backOff(said ?? `ended without a command (${how})`, ranMs)
  }

  function backOff(reason: string, ranMs: number): void {
    const delayMs = options.restartDelay.after(ranMs)
    onEvent('error', `${reason}; it starts again in ${delayMs} ms`)
    restarts += 1
    const timer = setTimeout(() => void start(), delayMs)
    enter({ doing: 'backing-off', shown: shown('backoff', reason), timer, nextStartAt: Date.now() + delayMs })
  }

  /** SIGTERM, then SIGKILL; resolves when the process is gone. */
  async function end(run: ReplicaRun, graceMs: number): Promise<void> {
    run.terminate()
    const killing = setTimeout(() => {
      onEvent('warn', `did not stop within ${graceMs} ms and is killed`)
      run.kill()
    }, graceMs)
    await run.ended
    clearTimeout(killing)
  }

  return {
    status() {
      const pid = state.doing === 'running' ? (state.run.pid ?? null) : null
      const common = { instance, pid, broker, restarts, ...state.shown }
      if (state.doing === 'backing-off') return { ...common, nextStartAt: state.nextStartAt }
      // What the worker said last stays true behind a pause.
      const isPaused = state.doing === 'running' && state.pause !== undefined
      return isPaused ? { ...common, state: 'paused', detail: 'paused by a fault' } : common
    },
    start: () => void start(),
    async send(command) {
      if (state.doing === 'running') return state.run.send(command)
      const message = `${instance} is not running (${state.shown.state})`
      return { id: 0, ok: false, error: { type: 'WorkerUnavailable', message } }
    },
    async stop(graceMs, reason) {
      stopping.abort()
      stopReason ??= reason
      leaveBackoff()
      if (state.doing !== 'running') {
        enter({ doing: 'resting', shown: shown('stopped') })
        return
      }
      const { run } = state
      show('stopping', reason)
      await end(run, graceMs)
    },
    async hold(by, { graceMs, detail }) {
      heldBy.set(by, detail)
      leaveBackoff()
      if (state.doing !== 'running') {
        // A start that waits for its epoch comes to nothing.
        if (!stopping.signal.aborted) enter({ doing: 'resting', shown: shown('killed', detail) })
        return Date.now()
      }
      const { run } = state
      state.isEnding = true
      if (graceMs > 0) await end(run, graceMs)
      else {
        run.kill()
        await run.ended
      }
      return Date.now()
    },
    release(by) {
      if (!heldBy.delete(by) || heldBy.size > 0 || state.doing === 'running' || stopping.signal.aborted) return
      void start()
    },
    async pause() {
      const running = state
      if (running.doing !== 'running') throw new Error(`${instance} has no process now (${running.shown.state})`)
      const { at, resume } = await running.run.pause()
      if (state !== running) throw new Error(`${instance} ended before it could be paused`)
      running.pause = { resume }
      onEvent('warn', 'is paused by a fault')
      options.onChange()
      return at
    },
    async resume() {
      if (state.doing !== 'running' || state.pause === undefined) return
      const running = state
      const { resume } = state.pause
      await resume()
      delete running.pause
      onEvent('info', 'goes on after its pause')
      options.onChange()
    },
  }
}
