import type { KafkaMessage } from 'kafkajs'
import type { ClusterClient } from './cluster.ts'

const fetchBytes = 4_000_000
const fetchWaitMs = 100

/**
 * Reads one partition from `from` up to `to` (not with it), without a consumer group, in the order of the log. Stops where `take`
 * answers false. Offsets that are not kept any more are skipped.
 */
export async function readPartition(
  cluster: ClusterClient,
  at: { topic: string; partition: number; from: number; to: number },
  take: (message: KafkaMessage) => boolean,
): Promise<void> {
  const { topic, partition, to } = at
  let next = at.from
  while (next < to) {
    const node = await cluster.leaderOf(topic, partition)
    const { responses }: FetchAnswer = await node.fetch({
      ...{ isolationLevel: 1, maxWaitTime: fetchWaitMs, minBytes: 1, maxBytes: fetchBytes },
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(next), maxBytes: fetchBytes }] }],
    })
    // A batch comes whole, also where reading begins in its middle.
    const messages = (responses[0]?.partitions[0]?.messages ?? []).filter(({ offset }) => Number(offset) >= next)
    // Only what is not a message (control records, offsets that compaction removed) is left.
    if (messages.length === 0) return
    for (const message of messages) {
      const offset = Number(message.offset)
      if (offset >= to) return
      next = offset + 1
      if (!take(message)) return
    }
  }
}

interface FetchAnswer {
  responses: { partitions: { messages: KafkaMessage[] }[] }[]
}
