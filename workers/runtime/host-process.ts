import { type Logger, pino } from 'pino'
import { serviceBody } from '#contracts/lab-declaration.ts'
import type { Seat } from '#contracts/protocols/worker.ts'
import { now } from './process/clock.ts'
import { type Commands, createCommands } from './process/commands.ts'
import { readWorkerEnvOrExit, type WorkerEnv } from './process/env.ts'
import { encodeFrame } from './process/frame.ts'
import { openFramePipe } from './process/frame-pipe.ts'
import { startGauges } from './process/gauges.ts'
import { createLiveConfig, type LiveConfig } from './process/live-config.ts'
import { createShutdown } from './process/shutdown.ts'
import { createTelemetry } from './process/telemetry.ts'
import { openWorkerCore, type WorkerCore } from './worker-core.ts'
import type { WorkerProcess } from './worker-face.ts'
import { framesFd } from './worker-process.ts'

/** A replica that shares its process: what `WorkerProcess` is to one that has its own. */
export type SeatProcess = Omit<WorkerProcess, 'onCommand'>

interface OpenSeat {
  commands: Commands
  core: WorkerCore
  inHand: () => number
  ended: Promise<void>
}

export interface HostOptions {
  /** Runs a replica, until it has shut down. A rejection ends that seat alone. */
  run: (seat: SeatProcess, given: Seat) => Promise<void>
}

export interface HostProcess {
  readonly env: WorkerEnv
  readonly log: Logger
  readonly config: LiveConfig
  /** Runs when all seats have shut down. */
  onShutdown: (step: () => Promise<void>) => void
  /** Takes commands from now on. */
  listen(options: HostOptions): void
}

/**
 * A process that hosts replicas of many services, which its sidecar opens and closes one by one. They have faults, telemetry, state and
 * shutdown of their own; signals, gauges and the configuration are the process's. On SIGTERM, and when the sidecar is gone, all shut down
 * side by side. Exits with 2 where the environment is wrong.
 */
export function openHostProcess(): HostProcess {
  const env = readWorkerEnvOrExit()
  const log = pino({ level: env.logLevel, base: null }, pino.destination({ dest: 1, sync: true }))
  const pipe = openFramePipe(framesFd, (reason) => setImmediate(() => shutdown.begin(reason)))
  const config = createLiveConfig()
  const seats = new Map<number, OpenSeat>()
  const commands = createCommands(
    (reply) => pipe.write(encodeFrame('reply', 0, JSON.stringify(reply))),
    (problem) => log.error(problem),
    (number) => seats.get(number)?.commands,
  )
  const report = (state: 'starting' | 'running' | 'draining', detail?: string): void =>
    pipe.write(encodeFrame('state', 0, JSON.stringify({ state, ...(detail === undefined ? {} : { detail }) })))
  const shutdown = createShutdown({
    graceMs: env.graceMs,
    onDraining(reason, hasFailed) {
      log[hasFailed ? 'error' : 'info'](`stopping: ${reason}`)
      report('draining', hasFailed ? reason : `stopping: ${reason}`)
    },
    onStepFailed: (error) => log.error({ err: error }, 'a step of the shutdown failed'),
    exit: (code) => process.exit(code),
  })

  function open(given: Seat, { run }: HostOptions): void {
    const { number, service, instance, epoch, concurrency, hopLimit } = given
    const body = serviceBody.parse(JSON.parse(given.body))
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const own = createCommands(
      () => undefined,
      () => undefined,
    )
    const core = openWorkerCore({
      env: { ...env, service, instance, epoch, body, concurrency, hopLimit },
      log: log.child({ instance }),
      ...{ pipe, seat: number, config, commands: own },
      exit() {
        seats.delete(number)
        end()
      },
    })
    let inHand = (): number => 0
    const seat: OpenSeat = { commands: own, core, inHand: () => inHand(), ended }
    seats.set(number, seat)
    const face: SeatProcess = {
      ...core.worker,
      countInHand(read) {
        inHand = read
      },
    }
    run(face, given).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      core.begin(reason, 'failed')
    })
  }

  async function close(numbers: Iterable<number>, reason: string): Promise<void> {
    const closing = [...numbers].flatMap((number) => seats.get(number) ?? [])
    for (const { core } of closing) core.begin(reason)
    await Promise.all(closing.map(({ ended }) => ended))
  }

  commands.on('configure', ({ config: next }) => config.take(next))
  commands.on('faults', () => undefined)
  commands.on('crashes', () => undefined)
  const telemetry = createTelemetry(pipe)
  startGauges({
    ...{ service: env.service, instance: env.instance, now },
    inHand: () => [...seats.values()].reduce((sum, seat) => sum + seat.inHand(), 0),
    report: (record) => telemetry.write([record]),
  })
  process.on('SIGTERM', () => shutdown.begin('SIGTERM'))
  process.on('SIGINT', () => log.debug('SIGINT is left to the sidecar'))

  return {
    ...{ env, log, config },
    onShutdown: shutdown.add,
    listen(options) {
      shutdown.add(() => close(seats.keys(), 'the process is stopping'))
      commands.on('seats.open', ({ seats: given }) => {
        for (const one of given) open(one, options)
      })
      commands.on('seats.close', ({ seats: numbers }) => close(numbers, 'the service is not wanted any more'))
      commands.listen(process.stdin, () => shutdown.begin('the sidecar is gone'))
      report('running')
    },
  }
}
