import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { SidecarConfig } from '#contracts/protocols/agent.ts'
import { configOf } from './declared-lab.ts'
import type { LabKeeper } from './lab-keeper.ts'

/** What every sidecar has to make true: what is declared, on which broker, in how many replicas. */
export interface WorkerOrders {
  config(): SidecarConfig
  /** The broker that workers shall run on; during a switch it is the other one already. */
  workersOn(): BrokerName
  /** From now on workers shall run on this broker. Sidecars learn of it with the next configuration that they are sent. */
  moveTo(broker: BrokerName): void
}

export function createWorkerOrders(given: {
  keeper: Pick<LabKeeper, 'lab' | 'revision'>
  /** Replicas wanted, by service. */
  replicas: () => Record<string, number>
  /** The broker at first. */
  broker: BrokerName
}): WorkerOrders {
  const { keeper, replicas } = given
  let { broker } = given
  return {
    config: () => ({ worker: configOf(keeper.lab(), keeper.revision()), broker, replicas: replicas() }),
    workersOn: () => broker,
    moveTo(next) {
      broker = next
    },
  }
}
