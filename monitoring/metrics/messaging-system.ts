import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'

/** OpenTelemetry's `messaging.system` of a broker of the lab. */
export const messagingSystemOf = (broker: BrokerName): string => brokerOf(broker).system
