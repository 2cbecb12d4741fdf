import type { Kafka } from 'kafkajs'
import type { ClusterClient } from '../cluster/cluster.ts'
import { createTopics } from '../cluster/create-topics.ts'
import { copyTopic } from '../cluster/wiring.ts'
import type { KafkaSettings } from '../options.ts'
import type { RecordCopy } from './copies.ts'
import type { SendBatch } from './sender.ts'

/**
 * Stores copies in retry and dead-letter topics. Tries until the broker has acknowledged one, since its original cannot be committed
 * before: after a request that was not answered the copy may then be there twice, never not at all. A topic that somebody
 * deleted is made again.
 */
export function createCopyStore(deps: {
  kafka: Kafka
  cluster: ClusterClient
  send: SendBatch
  settings: KafkaSettings
  sleep: (ms: number) => Promise<void>
}): (copy: RecordCopy, wanted: () => boolean) => Promise<boolean> {
  const { kafka, cluster, send, settings, sleep } = deps
  return async ({ topic, record }, wanted) => {
    for (let attempt = 1; wanted(); attempt += 1) {
      const outcome = await send(topic, record)
      if (outcome.state === 'acked') return true
      if (outcome.error.type === 'UnknownTopicOrPartition')
        await createTopics(kafka, cluster, [copyTopic(topic, settings)]).catch(() => undefined)
      await sleep(Math.min(2_000, 50 * 2 ** Math.min(attempt, 6)))
    }
    return false
  }
}
