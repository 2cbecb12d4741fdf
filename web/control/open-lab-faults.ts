import type { Logger } from 'pino'
import type { BrokerSettings } from '#contracts/brokers/broker-settings.ts'
import { brokerUrlOf } from './broker/broker-address.ts'
import { brokerPower } from './faults/broker-power.ts'
import { createFaultStore } from './faults/fault-store.ts'
import { faultTargets } from './faults/fault-targets.ts'
import { type Faults, openFaults } from './faults/faults.ts'
import { simulatorFaultLink } from './faults/simulator-faults.ts'
import type { Observatory } from './observatory.ts'
import type { openLab } from './open-lab.ts'

interface Parts {
  declared: Awaited<ReturnType<typeof openLab>>
  observatory: Observatory
  brokerSettings: BrokerSettings
  log: Logger
}

/** Faults, in the hands of sidecars, supervisor and simulator, each of which reports what became of them. */
export async function openLabFaults({ declared, observatory, brokerSettings, log }: Parts): Promise<Faults> {
  const { holder, state, engines, events, validators, currentLab, broker, eventType } = declared
  const { agents, records, services } = observatory
  const faults = await openFaults({
    store: createFaultStore(state('faults.json'), log),
    events,
    targets: () => faultTargets(holder.declaration(), currentLab.lab(), services(), broker.name()),
    accepts: async (name, data) => {
      const type = eventType(name)
      return type === undefined || (await validators.of(type)(data)).length === 0
    },
    power: brokerPower(engines),
    simulator: simulatorFaultLink((name) => brokerUrlOf(brokerSettings, name)),
    push: (service, held) => agents.holdFaults(service, held),
    log,
  })
  agents.onConnected(faults.takeConnected)
  agents.onStatus((status) => faults.takeStatus(status.service, status.faults))
  records.on({ fault: faults.takeObserved })
  return faults
}
