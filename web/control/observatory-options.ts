import type { Logger } from 'pino'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Journey } from '#contracts/api/journey.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { FlowDeclaration } from '#contracts/lab-declaration.ts'
import type { HostedService, SidecarConfig } from '#contracts/protocols/agent.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import type { SamplerSources } from './audit/contents/effect-sampler.ts'
import type { Discards } from './audit/letters/discards.ts'
import type { Exports } from './exports/open-exports.ts'

export interface ObservatoryOptions {
  /** Consumers of the declared lab. */
  consumers: () => readonly ConsumerDeclaration[]
  /** Flows of the declared lab. Absent: none. */
  flows?: () => readonly FlowDeclaration[]
  /** Whether the sidecars of a service are admitted. */
  isDeclared: (service: string) => boolean
  /** The source that publishes events of a type where somebody asks for one. */
  publisherOf: (type: string) => string
  /** `FAULTLINE_DATA_DIR`; telemetry goes to the folder `telemetry` in it. */
  dataDir: string
  /** The broker that the lab runs on. */
  broker: () => BrokerName
  /** How old the counts of the broker's queues may be, in milliseconds. Default 0. */
  countsHeldMs?: number
  /** Groups that took events of a type at a moment, epoch milliseconds: the obligations of a publish. The same list while nothing changes. */
  groupsOf: (type: string, at: number) => readonly string[]
  /** The next epochs of producer instances, in their order, stored before they are answered. */
  grantEpochs: (instances: readonly string[]) => Promise<number[]>
  /** The sidecar that answers for a service: its own, or that of the process which it shares. Default: its own. */
  sidecarOf?: (service: string) => string
  /** What that sidecar hosts; undefined if it is the sidecar of one service. */
  hosted?: (sidecar: string) => HostedService[] | undefined
  /** Dead letters that somebody discarded; absent: none. */
  discards?: Discards
  /** What every sidecar has to make true now. */
  config: () => SidecarConfig
  events: { add(entry: Omit<EventLogEntry, 'seq' | 'at'>): void }
  /** `FAULTLINE_AGENT_TOKEN`. */
  agentToken: string
  log: Logger
  /** Where its figures are shown to Prometheus. */
  meters: Pick<Meters, 'observe' | 'addCollector'>
  /** Where effects are looked up, and of which consumers; absent: nowhere. */
  sampled?: Pick<SamplerSources, 'consumers' | 'reader'>
  /** Where traces and log lines go outside the lab; absent: nowhere. */
  exports?: Pick<Exports, 'pushSpan' | 'problems'>
  /** The journey with what programs reported of themselves; absent: as telemetry has it. */
  withReports?: (journey: Journey) => Journey
  /** Epoch milliseconds. */
  clock?: () => number
}
