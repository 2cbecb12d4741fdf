import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Broker } from './broker.ts'
import { type KafkaOptions, kafkaBroker } from './drivers/kafka.ts'
import { type SnsSqsOptions, snsSqsBroker } from './drivers/sns-sqs.ts'

/** A broker by name, with what its driver needs. `local` and `redis` are one wire in front of two stores. */
export type BrokerOptions =
  | ({ broker: Exclude<BrokerName, 'kafka'> } & SnsSqsOptions)
  | ({ broker: 'kafka' } & KafkaOptions)

/** The broker that the lab runs on. The only file that names drivers. */
export function createBroker(options: BrokerOptions): Broker {
  return options.broker === 'kafka' ? kafkaBroker(options) : snsSqsBroker(options)
}
