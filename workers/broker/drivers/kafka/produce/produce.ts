import type { Broker as KafkaNode } from 'kafkajs'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import type { PublishOutcome } from '../../../broker.ts'
import { connectTo } from '../client.ts'
import type { ClusterClient } from '../cluster/cluster.ts'
import {
  errorInfoOf,
  isStaleLeader,
  isTooLarge,
  isUnknownTopic,
  mayFollowStorage,
  provablyNotStored,
} from '../kafka-error.ts'
import { type OutgoingRecord, sizeOf } from './record.ts'
import { encodable } from './record-headers.ts'

/** Repeats of a request that the cluster refused because a leader had moved: it stored nothing of it. */
const tries = 5

/** Stores records in one partition, in order, with one request that is never sent twice unless the first was refused. */
export type Produce = (
  topic: string,
  partition: number,
  records: readonly OutgoingRecord[],
) => Promise<PublishOutcome[]>

/**
 * `acked` when all in-sync replicas have it, with `partition@offset`. Until the request leaves, every trouble is `failed`;
 * from then on only an answer can say so, and none means `indeterminate`.
 */
export function createProduce(
  cluster: ClusterClient,
  timeoutMs: number,
  sleep: (ms: number) => Promise<void>,
): Produce {
  const produce: Produce = async (topic, partition, records) => {
    const all = (outcome: PublishOutcome): PublishOutcome[] => records.map(() => outcome)
    let mayBeStored = false
    for (let attempt = 1; ; attempt += 1) {
      let node: KafkaNode
      try {
        node = await cluster.leaderOf(topic, partition)
        await connectTo(node)
      } catch (error) {
        return all({ state: mayBeStored ? 'indeterminate' : 'failed', error: errorInfoOf(error) })
      }
      try {
        const answer: ProduceAnswer = await node.produce({
          ...{ acks: -1, timeout: timeoutMs },
          topicData: [{ topic, partitions: [{ partition, firstSequence: 0, messages: records.map(encodableRecord) }] }],
        })
        const base = Number(answer.topics[0]?.partitions[0]?.baseOffset)
        return records.map((_, index) => ({ state: 'acked', ref: `${partition}@${base + index}` }))
      } catch (error) {
        if (isTooLarge(error) && records.length > 1) {
          // Each may fit alone: the limit counts the whole batch.
          const middle = records.length >> 1
          const first = await produce(topic, partition, records.slice(0, middle))
          return [...first, ...(await produce(topic, partition, records.slice(middle)))]
        }
        const refused = provablyNotStored(error)
        mayBeStored ||= mayFollowStorage(error)
        if (refused && isStaleLeader(error) && attempt < tries) {
          await sleep(50 * 2 ** attempt)
          await cluster.topics().catch(() => undefined)
          continue
        }
        // The next one asks whether the topic still exists.
        if (isUnknownTopic(error)) await cluster.topics().catch(() => undefined)
        return all({
          state: refused && !mayBeStored ? 'failed' : 'indeterminate',
          error: errorOf(error, topic, records[0]),
        })
      }
    }
  }
  return produce
}

const encodableRecord = ({ key, value, headers }: OutgoingRecord) => ({ key, value, headers: encodable(headers) })

function errorOf(error: unknown, topic: string, record: OutgoingRecord | undefined): ErrorInfo {
  if (!isTooLarge(error) || record === undefined) return errorInfoOf(error)
  const size = `the message has about ${sizeOf(record)} bytes with its key and headers`
  const message = `${size}, more than max.message.bytes of ${topic} (or message.max.bytes of the broker) lets through. Publish less data.`
  return { type: 'MessageTooLarge', message }
}

interface ProduceAnswer {
  topics: { partitions: { baseOffset: string }[] }[]
}
