import { z } from 'zod'

/**
 * What the lab can run on. `local` and `redis` are the SNS/SQS simulator with its memory and its Redis store; `kafka` is
 * a Kafka cluster.
 */
export const brokerName = z.enum(['local', 'redis', 'kafka'])
export type BrokerName = z.infer<typeof brokerName>
