import { z } from 'zod'

/**
 * Where a message waits for its next attempt. `visibility-timeout`: in its queue, hidden (SQS). `retry-topic`: in a topic of its
 * attempt and group, others go on (Kafka). `blocking`: at the head of its partition, which waits with it (Kafka).
 */
export const retryMode = z.enum(['blocking', 'retry-topic', 'visibility-timeout'])
export type RetryMode = z.infer<typeof retryMode>
