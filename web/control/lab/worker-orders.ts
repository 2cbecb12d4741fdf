import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { SidecarConfig } from '#contracts/protocols/agent.ts'
import type { CurrentLab } from './current-lab.ts'
import { configOf } from './declared-lab.ts'

/** What every sidecar has to make true: what is declared, on which broker, in how many replicas. */
export interface WorkerOrders {
  config(): SidecarConfig
  /** The broker that workers shall run on; during a switch it is the other one already. */
  workersOn(): BrokerName
  /** From now on workers shall run on this broker. Sidecars learn of it with the next configuration that they are sent. */
  moveTo(broker: BrokerName): void
}

export function createWorkerOrders(given: {
  currentLab: Pick<CurrentLab, 'lab' | 'revision'>
  /** Replicas wanted, by service. */
  replicas: () => Record<string, number>
  /** The broker that workers run on at the start. */
  broker: BrokerName
}): WorkerOrders {
  const { currentLab, replicas } = given
  let { broker } = given
  return {
    config: () => ({ worker: configOf(currentLab.lab(), currentLab.revision()), broker, replicas: replicas() }),
    workersOn: () => broker,
    moveTo(next) {
      broker = next
    },
  }
}
