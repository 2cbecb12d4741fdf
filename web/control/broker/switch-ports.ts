import type { Logger } from 'pino'
import type { AvailableBroker, UnsettledOn } from '#contracts/api/lab-broker.ts'
import type { ServiceStatus } from '#contracts/api/live.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Broker, Wiring } from '#workers/broker/broker.ts'
import type { WorkerOrders } from '../lab/worker-orders.ts'
import type { Gate } from '../publish/gate.ts'
import type { BrokerFile } from './broker-file.ts'
import type { CurrentBroker } from './current-broker.ts'

/** The parts of the lab that a broker switch stops, starts and asks. */
export interface SwitchPorts {
  file: BrokerFile
  current: CurrentBroker
  /** Looks again whether the lab can run on a broker. */
  availability: (broker: BrokerName) => Promise<AvailableBroker>
  /** Resolves when the engines of a broker run, if they are this lab's own. `onDetail` is called with what it waits for. */
  startEngines: (broker: BrokerName, onDetail: (detail: string) => void) => Promise<void>
  /** Throws if this version cannot, or an address is missing. */
  open: (broker: BrokerName) => Broker
  wiring: () => Wiring
  /** Closed for as long as the lab moves. */
  gate: Pick<Gate, 'refusal' | 'close' | 'open' | 'inFlight' | 'stopSources'>
  /** Where workers shall run. */
  workers: Pick<WorkerOrders, 'workersOn' | 'moveTo'>
  unsettled: (broker: BrokerName) => UnsettledOn
  services: () => readonly ServiceStatus[]
  /** Replicas wanted, by service. */
  counts: () => Record<string, number>
  producers: () => readonly string[]
  /** Sends every sidecar its present configuration; where its workers run is part of it. */
  configure: () => Promise<void>
  /** Called with what happens, for the event log. */
  onEvent: (level: 'info' | 'warn', message: string) => void
  log: Logger
  now?: () => number
  times?: Partial<SwitchTimes>
}

/** In milliseconds. */
export interface SwitchTimes {
  /** Between two looks at what is waited for. */
  poll: number
  /** How long the other broker may take to answer once it runs. */
  reach: number
  /** Without getting less for so long, what is left is a question to the user. */
  stall: number
  /** How long the answer to that may take: publishes are refused meanwhile. */
  decide: number
  /** How long the wiring may take. */
  wire: number
  /** How long all workers together may take to come up on the other broker. */
  workers: number
}
export const usualTimes: SwitchTimes = {
  poll: 200,
  reach: 30_000,
  stall: 10_000,
  decide: 600_000,
  wire: 30_000,
  workers: 90_000,
}
