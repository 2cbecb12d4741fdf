import { type Logger, pino } from 'pino'
import type { CrashNote, WorkerCommand, WorkerConfig, WorkerState } from '#contracts/protocols/worker.ts'
import type { Broker } from '#workers/broker/broker.ts'
import type { Consumer } from './consume/consumer.ts'
import { plantDefect } from './defects/plant-defect.ts'
import { type ActiveFaults, createActiveFaults } from './faults/active-faults.ts'
import { withBrokerFaults } from './faults/broker-faults.ts'
import { withHandlerFaults } from './faults/handler-faults.ts'
import { runProcessBlocks } from './faults/process-block.ts'
import { now } from './process/clock.ts'
import { type CommandHandler, createCommands } from './process/commands.ts'
import { readWorkerEnv, type WorkerEnv } from './process/env.ts'
import { encodeFrame } from './process/frame.ts'
import { openFramePipe } from './process/frame-pipe.ts'
import { startGauges } from './process/gauges.ts'
import { createLiveConfig } from './process/live-config.ts'
import { createShutdown, type ShutdownStep } from './process/shutdown.ts'
import { createTelemetry, type Telemetry } from './process/telemetry.ts'
import type { Emitter } from './publish/emitter.ts'

/** The pipe to the sidecar, as worker-protocol.ts says. */
const framesFd = 3

/** A worker's side of the protocol with its sidecar: the one thing that a worker's `main.ts` opens first. */
export interface WorkerProcess {
  readonly env: WorkerEnv
  readonly log: Logger
  readonly telemetry: Telemetry
  /** The faults that the sidecar has this process hold. */
  readonly faults: ActiveFaults
  /** The broker as this worker has it, and the consumer as the loop runs it: with the faults that stand. Drivers and handlers know of none. */
  wrapBroker<Given extends Pick<Broker, 'publish' | 'subscribe'>>(broker: Given): Given
  wrapConsumer(consumer: Consumer): Consumer
  /** The emitter as the loop uses it. */
  wrapEmitter(emitter: Emitter): Emitter
  /** Tells the sidecar. After a shutdown began it stays `draining`, whatever is set. */
  setState(state: WorkerState): void
  /** Takes commands of a kind. `configure`, `faults` and `crashes` are taken already. */
  onCommand<Kind extends Exclude<WorkerCommand['kind'], 'configure' | 'faults' | 'crashes'>>(
    kind: Kind,
    handler: CommandHandler<Kind>,
  ): void
  /** What is known of a message that a process before this one, or beside it, may have died of. */
  crashOf(group: string, id: string): CrashNote | undefined
  config(): WorkerConfig | undefined
  /** Resolves with the first configuration. */
  firstConfig(): Promise<WorkerConfig>
  onConfig(listener: (config: WorkerConfig) => void): void
  /** The last step registered runs first: register what closes a connection before what uses it. */
  onShutdown(step: ShutdownStep): void
  /** Stops in order, since it cannot go on, and exits with 1. `reason` is shown on the node until it runs again. */
  fail(reason: string): void
  /** Where the once-a-second gauges read how many messages are taken and not yet settled. */
  countInHand(read: () => number): void
}

/**
 * Reads the environment, listens to the sidecar and reports to it. Stops by itself on SIGTERM and when the sidecar is
 * gone. SIGINT is the terminal's word to the sidecar, which then says SIGTERM. Exits with 2 where the environment is wrong.
 */
export function openWorkerProcess(): WorkerProcess {
  const env = readEnvOrExit()
  const log = pino({ level: env.logLevel, base: null }, pino.destination({ dest: 1, sync: true }))
  const pipe = openFramePipe(framesFd, (reason) => setImmediate(() => shutdown.begin(reason)))
  const { service, instance, planted } = env
  // Nearer to the worker's own code than any fault: what goes wrong outside must reach it first.
  const defect = plantDefect({ planted, service, instance, now, log })
  const telemetry = defect.telemetry(createTelemetry(pipe))
  const config = createLiveConfig()
  const faults = createActiveFaults({
    service,
    instance,
    now,
    report: (record) => telemetry.write([record]),
  })
  let inHand = (): number => 0
  let draining = false

  function report(state: WorkerState): void {
    pipe.write(encodeFrame('state', 0, JSON.stringify(state)))
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
    exit: (code) => process.exit(code),
  })

  const commands = createCommands(
    (reply) => pipe.write(encodeFrame('reply', 0, JSON.stringify(reply))),
    (problem) => log.error(problem),
  )
  commands.on('configure', ({ config: next }) => config.take(next))
  commands.on('faults', ({ faults: next }) => faults.take(next))
  let crashes = new Map<string, CrashNote>()
  commands.on('crashes', ({ crashes: next }) => {
    crashes = new Map(next.map((note) => [`${note.group} ${note.id}`, note]))
  })
  runProcessBlocks(faults)

  process.on('SIGTERM', () => shutdown.begin('SIGTERM'))
  process.on('SIGINT', () => log.debug('SIGINT is left to the sidecar'))
  commands.listen(process.stdin, () => shutdown.begin('the sidecar is gone'))
  startGauges({
    service: env.service,
    instance: env.instance,
    now,
    inHand: () => inHand(),
    report: (record) => telemetry.write([record]),
  })
  report({ state: 'starting', detail: 'waits for its configuration' })

  return {
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
    onCommand: (kind, handler) => commands.on(kind, handler),
    crashOf: (group, id) => crashes.get(`${group} ${id}`),
    config: config.current,
    firstConfig: config.first,
    onConfig: config.onChange,
    onShutdown: shutdown.add,
    fail: (reason) => shutdown.begin(reason, 'failed'),
    countInHand(read) {
      inHand = read
    },
  }
}

function readEnvOrExit(): WorkerEnv {
  try {
    return readWorkerEnv(process.env)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(2)
  }
}
