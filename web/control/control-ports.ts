import type { Burst } from '#contracts/api/burst.ts'
import type { Journey, MessageQuery, MessageRow } from '#contracts/api/journey.ts'
import type { LabBroker, UnsettledOn } from '#contracts/api/lab-broker.ts'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { Lab, ServiceStatus } from '#contracts/api/live.ts'
import type { Topology } from '#contracts/api/topology.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { HeldFault, HeldFaultStatus } from '#contracts/faults/held-fault.ts'
import type { AgentCommand, FaultsReply, SidecarConfig } from '#contracts/protocols/agent.ts'
import type { BurstProgressRecord, FaultObservedRecord, TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { CommandReply } from '#contracts/protocols/worker.ts'
import type { BrokerSnapshot } from '#workers/broker/broker.ts'
import type { Resolution } from './journeys/apply/apply-resolution.ts'
import type { ApplyContext } from './journeys/apply-context.ts'
import type { Coverage } from './ledger/coverage.ts'

/**
 * The seam inside the control plane. `Observatory` is what telemetry becomes (journal, ledger, traces, metrics, agents,
 * live); `Registry` is what the lab is declared to be (event types, subscriptions, topology, bursts). Neither imports
 * the other: `web/server.ts` introduces them.
 */
export interface Observatory {
  /** Sends a command to one worker. Rejects with `AgentUnavailable` where no replica can take it, with `AgentSilent` where none answers within `timeoutMs`. */
  command(service: string, command: AgentCommand, timeoutMs: number): Promise<CommandReply>
  /** Sends `Registry.sidecarConfig()` to every connected sidecar; resolves when all replicas that are up have taken it. */
  configure(): Promise<void>
  /** Tells one sidecar all faults that it has to hold. Rejects like `command`. */
  holdFaults(service: string, faults: HeldFault[]): Promise<FaultsReply>
  services(): ServiceStatus[]
  /** Figures, anomalies and verdict now. */
  ledger(): LedgerReport
  /** The same message by message. */
  books: LedgerBooks
  journey(id: string): Journey | 'dropped' | undefined
  /** Newest first. Throws `InvalidCursor`. */
  search(query: MessageQuery): { items: MessageRow[]; nextCursor?: string }
  /** Acknowledged publishes by event type since the data folder was made. */
  publishedByType(): Record<string, number>
  /** Puts records of the control plane's own doing into the journal. Throws where the disk does not take them. */
  report(records: TelemetryRecord[]): void
  /** Unsettled messages by event type, on the broker that the lab runs on and on others. */
  unsettledByType(): Record<string, number>
  /** What is unsettled of the messages of one broker. */
  unsettledOn(broker: BrokerName): UnsettledOn
  /** Edges on which a message was seen: `{from, to}` node ids. */
  observedEdges(): { from: string; to: string }[]
  /** Takes what the broker itself counts, once a second. */
  takeBrokerCounts(counts: BrokerSnapshot): void
  /** Figures of a running burst as they arrive. */
  onBurst(listener: (progress: BurstProgressRecord) => void): void
}

/** The ledger message by message, and what may be entered into it: for an audit. */
export interface LedgerBooks {
  context: Pick<ApplyContext, 'ledger' | 'traces' | 'hasGap'>
  coverage: Pick<Coverage, 'oldest' | 'list'>
  report(): LedgerReport
  /** Judges now what the watermark has passed. */
  look(): void
  /** Enters decisions, into the journal first. Throws where the disk does not take them: then nothing has changed. */
  resolve(decided: readonly Resolution[]): void
}

/** What telemetry and sidecars tell of faults, and what viewers are shown of them. */
export interface FaultPort {
  takeConnected(service: string, isConnected: boolean): void
  takeStatus(service: string, statuses: HeldFaultStatus[]): void
  takeObserved(record: FaultObservedRecord): void
  /** Those that stand, and those that ended within the last `withinMs`; newest first. */
  recent(withinMs: number): Fault[]
}

export interface Registry {
  /** Groups that took events of this type at `at` (epoch milliseconds; default now): the obligations of a publish. */
  groupsOf(type: string, at?: number): string[]
  topology(): Topology
  /** Counts up when the structure changes. */
  topologyRevision(): number
  /** What every sidecar has to make true now. */
  sidecarConfig(): SidecarConfig
  /** Running bursts and the last few that ended. */
  bursts(): Burst[]
  problems(): string[]
  lab(): Lab
  /** The broker and a switch of it; the same value as long as nothing changes. */
  labBroker(): LabBroker
  /** The next epoch of a producer instance, stored before it is answered. */
  grantEpoch(instance: string): Promise<number>
}

/** No replica of the service can take a command now. Unless it is an `AgentSilent`, none has seen it. */
export class AgentUnavailable extends Error {
  override readonly name: string = 'AgentUnavailable'
}

/** The command was handed to the sidecar and no answer came: whether it was carried out is not known. */
export class AgentSilent extends AgentUnavailable {
  override readonly name = 'AgentSilent'
}

/** The cursor was not made by this list. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
}
