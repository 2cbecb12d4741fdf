import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { CommandReply, CrashNote, WorkerCommand, WorkerConfig } from '#contracts/protocols/worker.ts'
import type { PipeFrame } from '../telemetry/frame-reader.ts'
import type { RestartDelay } from './restart-delay.ts'

/** A process of a replica, for those that have something to say to it. */
export interface CommandedProcess {
  /** Undefined if it could not be started. */
  readonly pid: number | undefined
  /** `seat`: which of the services that the process hosts it is for. */
  send(command: WorkerCommand, seat?: number): Promise<CommandReply>
}

export interface ReplicaOptions {
  /** `consumer-db-1`. */
  instance: string
  /** What its processes are started for. */
  broker: BrokerName
  entry: string
  preload: string
  env: Record<string, string>
  /** Asked before each start of a producer; rejects when `signal` aborts. Absent for consumers. */
  epoch?: (instance: string, signal: AbortSignal) => Promise<number>
  config: () => WorkerConfig | undefined
  /** What a new process has to hold from its start. */
  faults: (instance: string) => HeldFault[]
  /** What is known of messages that ended a process of this service. */
  crashes: () => CrashNote[]
  restartDelay: RestartDelay
  commandTimeoutMs: number
  onChange: () => void
  onTelemetry: (frame: TelemetryFrame) => void
  onOutput: (stream: 'stdout' | 'stderr', line: string) => void
  /** A process is gone, and everything that it wrote was handed on. `commanded`: it was ordered to, or a fault ended it. */
  onGone: (incarnation: string, how: string, commanded: boolean) => void
  /** Of a process that hosts several services: who opens them in it. */
  seats?: {
    started: (process: CommandedProcess) => void
    /** A frame of one of them. */
    frame: (frame: PipeFrame) => void
  }
  /** What the sidecar itself has to say of it. */
  onEvent: (level: 'info' | 'warn' | 'error', message: string) => void
}
