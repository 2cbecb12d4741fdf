import type { BrokerName } from '#contracts/broker-name.ts'
import type { Broker } from './broker.ts'
import { type SnsSqsOptions, snsSqsBroker } from './drivers/sns-sqs.ts'

export interface BrokerOptions extends SnsSqsOptions {
  /** `local` and `redis` name the store behind the SNS/SQS simulator: the wire is the same. */
  broker: BrokerName
}

/** The broker that the lab runs on. The only file that names drivers. Throws where this version has no driver for it. */
export function createBroker({ broker, ...options }: BrokerOptions): Broker {
  if (broker === 'kafka') throw new Error('This version has no Kafka driver. Set BROKER=local.')
  return snsSqsBroker(options)
}
