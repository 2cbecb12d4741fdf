import type { Broker } from '#workers/broker/broker.ts'
import type { ActiveFaults } from './active-faults.ts'
import { withConsumeFaults } from './consume-faults.ts'
import { withPublishFaults } from './publish-faults.ts'

/** The same broker, with the faults of messages and acknowledgements on what goes in and out. Drivers know nothing of it. */
export function withBrokerFaults<Faultable extends Pick<Broker, 'publish' | 'subscribe'>>(
  broker: Faultable,
  faults: ActiveFaults,
): Faultable {
  return {
    ...broker,
    publish: withPublishFaults(broker.publish, faults),
    subscribe: withConsumeFaults(broker.subscribe, faults),
  }
}
