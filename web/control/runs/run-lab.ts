import type { AuditReport } from '#contracts/api/audit.ts'
import type { RedriveInput } from '#contracts/api/dead-letter.ts'
import type { FlowFigures } from '#contracts/api/flow.ts'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { ChartPoint } from '#contracts/api/live.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { FaultInput } from '#contracts/faults/fault.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { ScenarioTargets } from '#contracts/scenario/check-lab.ts'
import type { SwitchedLab } from '../broker/switched-lab.ts'
import type { Faults } from '../faults/faults.ts'
import type { DataValidator } from '../lab/data-validators.ts'
import type { EventTypes } from '../lab/event-types.ts'
import type { Services } from '../lab/services.ts'
import type { Subscriptions } from '../lab/subscriptions.ts'
import type { InputError } from '../problem/problem.ts'
import type { PublishQueue } from '../publish/publish-queue.ts'

/** Everything of the lab that a run uses: what a person does by hand, and what a person sees. */
export interface RunLab {
  version: string
  /** Absent: the lab has no name. */
  name(): string | undefined
  broker(): BrokerName
  /** Moves the lab to another broker, as a user does. */
  switchTo: SwitchedLab
  /** What a scenario can name, beside the lab itself. */
  targets(): Omit<ScenarioTargets, 'lab'>
  eventType(name: string): EventTypeDefinition | undefined
  validator(type: EventTypeDefinition): DataValidator
  queue: Pick<PublishQueue, 'publish'>
  faults: Pick<Faults, 'inject' | 'heal' | 'list'>
  /** Why this fault cannot be in this lab, by JSON pointers into the input; empty if it can. */
  faultErrors(input: FaultInput): InputError[]
  subscriptions: Subscriptions
  services: Services
  eventTypes: Pick<EventTypes, 'create' | 'remove'>
  /** Resolves when it has begun. */
  redrive(input: RedriveInput): Promise<{ id: string; selected: number }>
  report(): LedgerReport
  /** What became of flows, by name. */
  flows(): FlowFigures[]
  /** Unsettled messages by group. */
  lag(): ReadonlyMap<string, number>
  /** The last whole second. */
  lastSecond(): ChartPoint | undefined
  audit(timeoutMs: number, signal: AbortSignal): Promise<AuditReport>
  /** `listener` is called with new records; the answer ends that. */
  onTelemetry(listener: (records: readonly TelemetryRecord[]) => void): () => void
  /** Sidecars that ended without handing over what they had, since this process began, by service. */
  lostSidecars(): ReadonlyMap<string, number>
  /** Why nothing can be published or changed now. */
  refusal(): string | undefined
}
