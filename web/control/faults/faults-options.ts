import type { Logger } from 'pino'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { FaultsReply } from '#contracts/protocols/agent.ts'
import type { BrokerPower } from './broker-power.ts'
import type { FaultStore } from './fault-store.ts'
import type { FaultTargets } from './fault-targets.ts'
import type { SimulatorFaults } from './simulator-faults.ts'

export interface FaultsOptions {
  store: FaultStore
  /** Where it is said what becomes of faults. */
  events: { add(entry: Omit<EventLogEntry, 'seq' | 'at'>): void }
  targets: () => FaultTargets
  /** Whether the schema of an event type takes this data. */
  accepts: (eventType: string, data: unknown) => Promise<boolean>
  power: BrokerPower
  simulator: SimulatorFaults
  push: (service: string, faults: HeldFault[]) => Promise<FaultsReply>
  log: Logger
  now?: () => number
}
