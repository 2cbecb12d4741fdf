import { randomUUID } from 'node:crypto'
import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import { type CommandReply, commandReply, type WorkerCommand, workerState } from '#contracts/protocols/worker.ts'
import type { Frame } from '../telemetry/frame-reader.ts'
import { untilStopped } from './process-state.ts'
import type { ReplicaOptions } from './replica-options.ts'
import { openReplies, type Replies } from './replies.ts'
import { type ResumeGuard, startResumeGuard } from './resume-guard.ts'
import { startWorkerChild, type WorkerChild } from './worker-child.ts'

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
  /** SIGSTOP. Resolves with the time, epoch milliseconds, when the process was seen stopped; rejects where none runs. */
  pause(): Promise<number>
  /** SIGCONT. Resolves when the process was seen running, or is gone. */
  resume(): Promise<void>
  /** SIGTERM, then SIGKILL after `graceMs`. Resolves when no process is left. `reason` is shown meanwhile. */
  stop(graceMs: number, reason?: string): Promise<void>
}

/** A signal is delivered in no time; a machine that is overloaded may show it later. */
const signalSeenWithinMs = 5_000

/**
 * One replica of the worker over all its processes.
 * STOPPED → STARTING → WAITING-FOR-BROKER ⇄ UP → STOPPING → STOPPED, as the worker itself reports.
 * A process that ends without having been told to, whatever its exit code, leads to BACKOFF and then STARTING again.
 * Faults: any → KILLED while held, then STARTING; a process that is paused is PAUSED whatever it was before.
 */
export function createReplica(options: ReplicaOptions): Replica {
  const { instance, broker, onEvent } = options
  let status: ReplicaStatus = { instance, pid: null, broker, state: 'stopped', restarts: 0, since: Date.now() }
  let child: WorkerChild | undefined
  let replies: Replies | undefined
  let startedAt = 0
  let backoff: NodeJS.Timeout | undefined
  let ended: Promise<void> = Promise.resolve()
  let markEnded: () => void = () => undefined
  const stopping = new AbortController()
  let stopReason: string | undefined
  const heldBy = new Map<string, string>()
  /** Counts starts, so that one which was waiting for its epoch while another began does nothing. */
  let starts = 0
  let guard: ResumeGuard | undefined
  /** A fault ends the process that runs: its end is no crash, also where the fault is over first. */
  let ending = false

  function become(state: ReplicaStatus['state'], detail?: string, nextStartAt?: number): void {
    const { restarts } = status
    const since = state === status.state ? status.since : Date.now()
    status = {
      ...{ instance, pid: child?.pid ?? null, broker, state, restarts, since },
      ...(detail === undefined ? {} : { detail }),
      ...(nextStartAt === undefined ? {} : { nextStartAt }),
    }
    options.onChange()
  }

  async function start(): Promise<void> {
    starts += 1
    const mine = starts
    let epoch: number | undefined
    if (options.epoch) {
      become('starting', 'waits for the control plane to grant it an epoch')
      try {
        epoch = await options.epoch(instance, stopping.signal)
      } catch {
        // Only a stop ends the wait.
        return
      }
    }
    if (!stopping.signal.aborted && mine === starts && heldBy.size === 0) launch(epoch)
  }

  function launch(epoch: number | undefined): void {
    const incarnation = randomUUID()
    ended = new Promise((resolve) => {
      markEnded = resolve
    })
    const started = startWorkerChild({
      entry: options.entry,
      preload: options.preload,
      env: {
        ...options.env,
        FAULTLINE_INSTANCE: instance,
        ...(epoch === undefined ? {} : { FAULTLINE_EPOCH: String(epoch) }),
      },
      onFrame: (frame) => take(frame, incarnation),
      onOutput: options.onOutput,
      onBroken(error) {
        onEvent(
          'error',
          `invalid frame on the telemetry pipe (${error instanceof Error ? error.message : error}); killing the worker`,
        )
        started.kill('SIGKILL')
      },
      onEnded(how) {
        options.onGone(incarnation, how, stopping.signal.aborted || heldBy.size > 0 || ending)
        onEnded(how)
      },
    })
    child = started
    startedAt = performance.now()
    replies = openReplies((line) => started.writeLine(line), options.commandTimeoutMs)
    become('starting')
    onEvent('info', `started as process ${started.pid ?? '?'}${epoch === undefined ? '' : ` with epoch ${epoch}`}`)
    const faults = options.faults(instance)
    if (faults.length > 0) void replies.send({ kind: 'faults', faults })
    const crashes = options.crashes()
    if (crashes.length > 0) void replies.send({ kind: 'crashes', crashes })
    const config = options.config()
    if (config) void replies.send({ kind: 'configure', config })
  }

  function take({ kind, seq, body }: Frame, incarnation: string): void {
    if (kind === 'telemetry') {
      options.onTelemetry({ source: instance, incarnation, seq, body })
      return
    }
    const json: unknown = JSON.parse(body.toString())
    if (kind === 'reply') {
      replies?.take(commandReply.parse(json))
      return
    }
    const { state, detail } = workerState.parse(json)
    const seen = {
      starting: 'starting',
      'waiting-for-broker': 'waiting-for-broker',
      running: 'up',
      draining: 'stopping',
    } as const
    become(seen[state], stopReason ?? detail)
  }

  function onEnded(how: string): void {
    child = undefined
    dismissGuard()
    replies?.abandon(`${instance} ended (${how}) before it answered`)
    replies = undefined
    markEnded()
    if (stopping.signal.aborted) {
      onEvent(how === 'code 0' ? 'info' : 'warn', `stopped (${how})`)
      become('stopped')
      return
    }
    const [held] = heldBy.values()
    if (held !== undefined) {
      onEvent('warn', `${held} (${how})`)
      ending = false
      status = { ...status, restarts: status.restarts + 1 }
      become('killed', held)
      return
    }
    if (ending) {
      ending = false
      void start()
      return
    }
    const delayMs = options.restartDelay.after(performance.now() - startedAt)
    onEvent('error', `ended without a command (${how}); it starts again in ${delayMs} ms`)
    status = { ...status, restarts: status.restarts + 1 }
    become('backoff', `ended without a command (${how})`, Date.now() + delayMs)
    backoff = setTimeout(() => void start(), delayMs)
  }

  function dismissGuard(): void {
    guard?.dismiss()
    guard = undefined
  }

  /** SIGTERM, then SIGKILL; resolves when the process is gone. */
  async function end(running: WorkerChild, graceMs: number): Promise<void> {
    running.kill('SIGTERM')
    // One that was paused cannot hear it otherwise.
    running.kill('SIGCONT')
    const killing = setTimeout(() => {
      onEvent('warn', `did not stop within ${graceMs} ms and is killed`)
      running.kill('SIGKILL')
    }, graceMs)
    await ended
    clearTimeout(killing)
  }

  return {
    // What the worker said last stays true behind a pause.
    status: () => (guard === undefined ? status : { ...status, state: 'paused', detail: 'paused by a fault' }),
    start: () => void start(),
    async send(command) {
      return (
        replies?.send(command) ?? {
          ...{ id: 0, ok: false },
          error: { type: 'WorkerUnavailable', message: `${instance} is not running (${status.state})` },
        }
      )
    },
    async stop(graceMs, reason) {
      stopping.abort()
      stopReason ??= reason
      clearTimeout(backoff)
      const running = child
      if (!running) {
        become('stopped')
        return
      }
      become('stopping', reason)
      await end(running, graceMs)
    },
    async hold(by, { graceMs, detail }) {
      heldBy.set(by, detail)
      clearTimeout(backoff)
      // A start that waits for its epoch comes to nothing.
      starts += 1
      const running = child
      if (!running) {
        if (!stopping.signal.aborted) become('killed', detail)
        return Date.now()
      }
      ending = true
      if (graceMs > 0) {
        await end(running, graceMs)
        return Date.now()
      }
      running.kill('SIGKILL')
      await ended
      return Date.now()
    },
    release(by) {
      if (!heldBy.delete(by) || heldBy.size > 0 || child || stopping.signal.aborted) return
      void start()
    },
    async pause() {
      const running = child
      if (running?.pid === undefined) throw new Error(`${instance} has no process now (${status.state})`)
      const mine = await startResumeGuard(running.pid)
      if (child !== running) {
        mine.dismiss()
        throw new Error(`${instance} ended before it could be paused`)
      }
      guard = mine
      running.kill('SIGSTOP')
      const at = await untilStopped(running.pid, true, signalSeenWithinMs)
      onEvent('warn', 'is paused by a fault')
      options.onChange()
      return at
    },
    async resume() {
      const running = child
      if (guard === undefined) return
      running?.kill('SIGCONT')
      // A process that ends now is as good as one that runs.
      if (running?.pid !== undefined) await untilStopped(running.pid, false, signalSeenWithinMs).catch(() => undefined)
      dismissGuard()
      onEvent('info', 'goes on after its pause')
      options.onChange()
    },
  }
}
