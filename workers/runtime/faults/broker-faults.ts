import type { Broker } from '#workers/broker/broker.ts'
import type { ActiveFaults } from './active-faults.ts'
import { withConsumeFaults } from './consume-faults.ts'
import { withPublishFaults } from './publish-faults.ts'

/** The same broker, with the faults of messages and acknowledgements on what goes in and out. Drivers know nothing of it. */
export function withBrokerFaults(broker: Broker, faults: ActiveFaults): Broker {
  return {
    ...broker,
    publish: withPublishFaults(broker.publish, faults),
    subscribe: withConsumeFaults(broker.subscribe, faults),
  }
}
