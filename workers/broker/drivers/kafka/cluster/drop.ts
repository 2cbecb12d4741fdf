import type { Kafka } from 'kafkajs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { Leavings } from '../../../broker.ts'
import { bindingsGroupOf, parseRetryTopic } from '../names.ts'
import type { ClusterClient } from './cluster.ts'

/** Deletes the retry topics, the dead-letter topics and the offsets of groups, and topics; what is not there is gone already. */
export async function dropLeavings(
  { kafka, cluster }: { kafka: Kafka; cluster: ClusterClient },
  { groups, topics }: Leavings,
): Promise<void> {
  const standing = [...(await cluster.topics()).keys()]
  const isLeft = (name: string): boolean =>
    topics.includes(name) ||
    groups.some((group) => name === deadLetterQueueOf(group) || parseRetryTopic(name)?.group === group)
  const admin = kafka.admin()
  try {
    await admin.connect()
    const names = standing.filter(isLeft)
    if (names.length > 0) await admin.deleteTopics({ topics: names })
    const { groups: known } = await admin.listGroups()
    const left = groups.flatMap((group) => [group, bindingsGroupOf(group)])
    const offsets = known.map(({ groupId }) => groupId).filter((name) => left.includes(name))
    if (offsets.length > 0) await admin.deleteGroups(offsets)
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
