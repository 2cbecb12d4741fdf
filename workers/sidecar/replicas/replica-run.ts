import { randomUUID } from 'node:crypto'
import { commandReply, type WorkerState, workerState } from '#contracts/protocols/worker.ts'
import type { PipeFrame } from '../telemetry/frame-reader.ts'
import { untilStopped } from './process-state.ts'
import type { CommandedProcess, ReplicaOptions } from './replica-options.ts'
import { openReplies } from './replies.ts'
import { startResumeGuard } from './resume-guard.ts'
import { startWorkerChild } from './worker-child.ts'

/** One process of a replica, with the program that it may have started, which is its process group's leader. */
export interface ReplicaRun extends CommandedProcess {
  /** Resolves when it is gone and everything that it wrote was handed on. */
  readonly ended: Promise<void>
  /** Milliseconds since its start. */
  ranMs(): number
  /** SIGTERM to the worker, which ends its program in order. */
  terminate(): void
  /** SIGKILL to the worker and its program. */
  kill(): void
  /**
   * SIGSTOP to both. Resolves with the time, epoch milliseconds, when they were seen stopped, and with what undoes it: SIGCONT, until
   * they were seen running or are gone. Rejects if the process ends meanwhile.
   */
  pause(): Promise<{ at: number; resume: () => Promise<void> }>
}

export interface RunListener {
  onState: (state: WorkerState) => void
  /** `how`: `SIGKILL`, `code 1`, or why it did not start. `said`: why it ended by itself, where it reported that. */
  onEnded: (how: string, said: string | undefined) => void
  /** Whether the end of the process, if it came now, was asked for. */
  isCommanded: () => boolean
}

/** A signal is delivered in no time; a machine that is overloaded may show it later. */
const signalSeenWithinMs = 5_000

/** Starts a process and gives it what it has to know from its start. */
export function startReplica(
  options: ReplicaOptions,
  epoch: number | undefined,
  { onState, onEnded, isCommanded }: RunListener,
): ReplicaRun {
  const { instance } = options
  const incarnation = randomUUID()
  const startedAt = performance.now()
  let said: WorkerState | undefined
  let program: number | undefined
  let paused = false
  let markEnded: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    markEnded = resolve
  })

  function signalProgram(signal: NodeJS.Signals): void {
    if (program === undefined) return
    try {
      process.kill(-program, signal)
    } catch {
      // Nothing of it runs any more.
    }
  }

  function take(frame: PipeFrame): void {
    if (frame.seat !== 0) {
      options.seats?.frame(frame)
      return
    }
    const { kind, seq, body } = frame
    if (kind === 'telemetry') {
      options.onTelemetry({ source: instance, incarnation, seq, body })
      return
    }
    const json: unknown = JSON.parse(body.toString())
    if (kind === 'reply') {
      replies.take(commandReply.parse(json))
      return
    }
    said = workerState.parse(json)
    program = said.processGroup ?? program
    // Started by a worker that was stopped right after it.
    if (paused && said.processGroup !== undefined) signalProgram('SIGSTOP')
    onState(said)
  }

  const child = startWorkerChild({
    entry: options.entry,
    preload: options.preload,
    env: {
      ...options.env,
      FAULTLINE_INSTANCE: instance,
      ...(epoch === undefined ? {} : { FAULTLINE_EPOCH: String(epoch) }),
    },
    onFrame: take,
    onOutput: options.onOutput,
    onBroken(error) {
      const reason = error instanceof Error ? error.message : error
      options.onEvent('error', `invalid frame on the telemetry pipe (${reason}); killing the worker`)
      child.kill('SIGKILL')
    },
    onEnded(how) {
      signalProgram('SIGKILL')
      replies.abandon(`${instance} ended (${how}) before it answered`)
      const commanded = isCommanded()
      const why = !commanded && said?.state === 'draining' ? said.detail : undefined
      options.onGone(incarnation, why === undefined ? how : `${how}: ${why}`, commanded)
      markEnded()
      onEnded(how, why)
    },
  })
  const replies = openReplies((line) => child.writeLine(line), options.commandTimeoutMs)
  const faults = options.faults(instance)
  if (faults.length > 0) void replies.send({ kind: 'faults', faults })
  const crashes = options.crashes()
  if (crashes.length > 0) void replies.send({ kind: 'crashes', crashes })
  const config = options.config()
  if (config) void replies.send({ kind: 'configure', config })
  options.seats?.started({ pid: child.pid, send: replies.send })

  /** When the worker and its program were seen stopped, or running. A program that ends meanwhile is as good as either. */
  async function seen(pid: number, stopped: boolean): Promise<number> {
    const at = await untilStopped(pid, stopped, signalSeenWithinMs)
    if (program === undefined) return at
    return untilStopped(program, stopped, signalSeenWithinMs).catch(() => at)
  }

  return {
    pid: child.pid,
    ended,
    ranMs: () => performance.now() - startedAt,
    send: replies.send,
    terminate() {
      child.kill('SIGTERM')
      // One that was paused cannot hear it otherwise.
      child.kill('SIGCONT')
      signalProgram('SIGCONT')
    },
    kill() {
      child.kill('SIGKILL')
      signalProgram('SIGKILL')
    },
    async pause() {
      const { pid } = child
      if (pid === undefined) throw new Error(`${instance} has no process now`)
      const guard = await startResumeGuard(pid)
      paused = true
      child.kill('SIGSTOP')
      signalProgram('SIGSTOP')
      void ended.then(guard.dismiss)
      async function resume(): Promise<void> {
        paused = false
        child.kill('SIGCONT')
        signalProgram('SIGCONT')
        if (pid !== undefined) await seen(pid, false).catch(() => undefined)
        guard.dismiss()
      }
      try {
        return { at: await seen(pid, true), resume }
      } catch (error) {
        await resume()
        throw error
      }
    },
  }
}
