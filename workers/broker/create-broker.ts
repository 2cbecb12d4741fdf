import type { BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import type { Broker } from './broker.ts'
import { kafkaBroker } from './drivers/kafka.ts'
import { snsSqsBroker } from './drivers/sns-sqs.ts'

/** What the environment says of a broker: see its definition in `contracts/brokers`. */
type Named<Name extends BrokerName> = ReturnType<ReturnType<typeof brokerOf<Name>>['options']>

/**
 * The driver of each broker. The only file that names drivers; a new one needs one line here, and its options must take what the
 * broker's definition reads from the environment.
 */
const drivers = { local: snsSqsBroker, redis: snsSqsBroker, kafka: kafkaBroker } satisfies {
  [Name in BrokerName]: (options: Named<Name>) => Broker
}

type DriverOptions = { [Name in BrokerName]: Parameters<(typeof drivers)[Name]>[0] }
const open: { [Name in BrokerName]: (options: DriverOptions[Name]) => Broker } = drivers

/** A broker by name, with what its driver needs. */
export type BrokerOptions<Name extends BrokerName = BrokerName> = { broker: Name } & NonNullable<DriverOptions[Name]>

/** The broker that the lab runs on. */
export function createBroker<Name extends BrokerName>(options: BrokerOptions<Name>): Broker {
  return open[options.broker](options)
}
