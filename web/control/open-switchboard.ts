import type { Logger } from 'pino'
import type { BrokerSettings } from '#contracts/brokers/broker-settings.ts'
import { startEngines, watchAvailableBrokers } from './broker/available-brokers.ts'
import { brokerAddress } from './broker/broker-address.ts'
import { createBrokerSwitch } from './broker/broker-switch.ts'
import { createLabBrokerView } from './broker/lab-broker-view.ts'
import type { Observatory } from './observatory.ts'
import type { openLab } from './open-lab.ts'
import type { Gate } from './publish/gate.ts'

interface Parts {
  declared: Awaited<ReturnType<typeof openLab>>
  observatory: Observatory
  gate: Gate
  /** Names of the services that publish what somebody asks for. */
  sources: () => string[]
  configure: () => Promise<void>
  brokerSettings: BrokerSettings
  log: Logger
}

/** Which brokers there are, and moving the whole lab to another one. */
export function openSwitchboard({ declared, observatory, gate, sources, configure, brokerSettings, log }: Parts) {
  const { engines, events, broker, brokerFile, openBroker, replicaCounts, wiring, workers } = declared
  const available = watchAvailableBrokers({
    addressOf: (name) => brokerAddress(brokerSettings, name),
    engines,
    current: () => ({ name: broker.name(), health: broker.health() }),
  })
  const switchboard = createBrokerSwitch({
    file: brokerFile,
    current: {
      ...broker,
      adopt(name, connection) {
        available.forget(name)
        broker.adopt(name, connection)
      },
    },
    availability: available.look,
    startEngines: (name, onDetail) => startEngines(engines, name, onDetail),
    open: openBroker,
    ...{ wiring, gate, workers, configure, log },
    services: observatory.services,
    unsettled: observatory.unsettledOn,
    counts: replicaCounts.all,
    producers: sources,
    onEvent: (level, message) => void events.add({ kind: 'broker', level, message }),
  })
  const labBroker = createLabBrokerView({
    current: broker.name,
    ...{ switchboard, gate },
    available: available.list,
    unsettled: observatory.unsettledOn,
  })
  return { available, switchboard, labBroker }
}
