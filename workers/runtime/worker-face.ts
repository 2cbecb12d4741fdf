import type { Logger } from 'pino'
import type { CrashNote, WorkerCommand, WorkerConfig, WorkerState } from '#contracts/protocols/worker.ts'
import type { Broker } from '#workers/broker/broker.ts'
import type { Consumer } from './consume/consumer.ts'
import type { ActiveFaults } from './faults/active-faults.ts'
import type { CommandHandler } from './process/commands.ts'
import type { WorkerEnv } from './process/env.ts'
import type { ShutdownStep } from './process/shutdown.ts'
import type { Telemetry } from './process/telemetry.ts'
import type { Emitter } from './publish/emitter.ts'

/** A worker's side of the protocol with its sidecar: the one thing that a worker's `main.ts` opens first. */
export interface WorkerProcess {
  readonly env: WorkerEnv
  readonly log: Logger
  readonly telemetry: Telemetry
  /** The faults that the sidecar has this process hold. */
  readonly faults: ActiveFaults
  /** The broker as this worker has it, and the consumer as the loop runs it: with the faults in effect. Drivers and handlers know of none. */
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
