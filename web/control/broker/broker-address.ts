import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { BrokerSettings } from '#workers/broker/broker-settings.ts'
import type { BrokerAddress } from './available-brokers.ts'

/** Where a broker answers, as the environment says. */
export function brokerAddress(settings: BrokerSettings, name: BrokerName): BrokerAddress {
  const { KAFKA_BROKERS: hosts, SNS_SQS_REDIS_ENDPOINT_URL: onRedis, AWS_ENDPOINT_URL: inMemory } = settings
  if (name === 'kafka') return hosts === undefined ? undefined : { hosts: hosts.split(',') }
  const url = name === 'redis' ? onRedis : inMemory
  return url === undefined ? undefined : { url }
}
