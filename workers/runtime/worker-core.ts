import type { Logger } from 'pino'
import type { CrashNote, WorkerState } from '#contracts/protocols/worker.ts'
import { plantDefect } from './defects/plant-defect.ts'
import { type ActiveFaults, createActiveFaults } from './faults/active-faults.ts'
import { withBrokerFaults } from './faults/broker-faults.ts'
import { withHandlerFaults } from './faults/handler-faults.ts'
import { now } from './process/clock.ts'
import type { Commands } from './process/commands.ts'
import type { WorkerEnv } from './process/env.ts'
import { encodeFrame } from './process/frame.ts'
import type { FramePipe } from './process/frame-pipe.ts'
import { createLiveConfig, type LiveConfig } from './process/live-config.ts'
import { createShutdown } from './process/shutdown.ts'
import { createTelemetry } from './process/telemetry.ts'
import type { WorkerProcess } from './worker-face.ts'

export interface WorkerCoreOptions {
  env: WorkerEnv
  log: Logger
  pipe: FramePipe
  /** Of many in a process, which it is. Default: 0, the process itself. */
  seat?: number
  commands: Pick<Commands, 'on'>
  /** The configuration; default: one of its own, which the command `configure` changes. */
  config?: LiveConfig
  /** The end of its shutdown: 0 in order, 1 where it failed. */
  exit: (code: number) => void
}

/** What every replica has, be it a process or one of many in a process. */
export interface WorkerCore {
  worker: Omit<WorkerProcess, 'onCommand' | 'countInHand'>
  faults: ActiveFaults
  begin: (reason: string, failed?: 'failed') => void
}

/** A replica's side of the protocol, without what only a process has: signals, pipes, gauges, blocks. */
export function openWorkerCore({ env, log, pipe, seat = 0, commands, exit, ...given }: WorkerCoreOptions): WorkerCore {
  const { service, instance, planted } = env
  // Nearer to the worker's own code than any fault: what goes wrong outside must reach it first.
  const defect = plantDefect({ planted, service, instance, now, log })
  const telemetry = defect.telemetry(createTelemetry(pipe, seat))
  const config = given.config ?? createLiveConfig()
  const faults = createActiveFaults({
    service,
    instance,
    now,
    report: (record) => telemetry.write([record]),
  })
  let draining = false

  function report(state: WorkerState): void {
    pipe.write(encodeFrame('state', 0, JSON.stringify(state), seat))
  }

  const shutdown = createShutdown({
    graceMs: env.graceMs,
    onDraining(reason, hasFailed) {
      draining = true
      const detail = hasFailed ? reason : `stopping: ${reason}`
      log[hasFailed ? 'error' : 'info'](detail)
      report({ state: 'draining', detail })
    },
    onStepFailed: (error) => log.error({ err: error }, 'a step of the shutdown failed'),
    exit,
  })

  commands.on('configure', ({ config: next }) => config.take(next))
  commands.on('faults', ({ faults: next }) => faults.take(next))
  let crashes = new Map<string, CrashNote>()
  commands.on('crashes', ({ crashes: next }) => {
    crashes = new Map(next.map((note) => [`${note.group} ${note.id}`, note]))
  })
  report({ state: 'starting', detail: 'waits for its configuration' })

  return {
    faults,
    begin: shutdown.begin,
    worker: {
      env: env.epoch === undefined ? env : { ...env, epoch: defect.epoch(env.epoch) },
      log,
      telemetry,
      faults,
      wrapBroker: (broker) => defect.broker(withBrokerFaults(broker, faults)),
      wrapEmitter: defect.emitter,
      wrapConsumer: (consumer) => defect.consumer(withHandlerFaults(consumer, faults)),
      setState(state) {
        if (!draining) report(state)
      },
      crashOf: (group, id) => crashes.get(`${group} ${id}`),
      config: config.current,
      firstConfig: config.first,
      onConfig: config.onChange,
      onShutdown: shutdown.add,
      fail: (reason) => shutdown.begin(reason, 'failed'),
    },
  }
}
