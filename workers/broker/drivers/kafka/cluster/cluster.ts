import type { Cluster, Kafka, Broker as KafkaNode } from 'kafkajs'
import { sleep } from '../../../sleep.ts'
import { accessAdvice, ClosedAtOnce } from '../access-advice.ts'
import { clusterOf, lastMetadataOf } from '../client.ts'
import { factsOf } from '../kafka-error.ts'

/** Offsets by partition. */
export type Offsets = ReadonlyMap<number, number>

/** What a group committed for a partition. */
export interface Committed {
  offset: number
  metadata: string
}

/** Single requests to the cluster. Every method rejects if it does not answer. */
export interface ClusterClient {
  /** Looks at the cluster again: topics by name with their number of partitions. */
  topics(): Promise<ReadonlyMap<string, number>>
  /** Partitions of a topic as last seen; 0 if it was not there. */
  partitionsOf(topic: string): number
  /** The leader of a partition, connected. */
  leaderOf(topic: string, partition: number): Promise<KafkaNode>
  /** First kept and next offset of each partition of these topics. Rejects if one of them does not exist. */
  logs(topics: readonly string[]): Promise<ReadonlyMap<string, { start: Offsets; end: Offsets }>>
  /** Everything that a group committed, by topic and partition. */
  committed(group: string): Promise<ReadonlyMap<string, ReadonlyMap<number, Committed>>>
  /** Commits for a group that has no members. */
  commit(
    group: string,
    commits: readonly { topic: string; partition: number; offset: number; metadata: string }[],
  ): Promise<void>
  close(): Promise<void>
}

/** Coordinators move and load; these answers mean that another moment will do. */
const passing =
  /^(GROUP_LOAD_IN_PROGRESS|GROUP_COORDINATOR_NOT_AVAILABLE|NOT_COORDINATOR_FOR_GROUP|LEADER_NOT_AVAILABLE|NOT_LEADER_FOR_PARTITION)$/
/** A cluster that is asked for its first coordinator makes the topic of offsets first. */
const isPassing = (error: unknown): boolean => {
  const { name, type } = factsOf(error)
  return passing.test(type) || name === 'KafkaJSGroupCoordinatorNotFound'
}
/**
 * A broker that took the connection and was then too slow to say which requests it knows, as one that is paused or busy. kafkajs takes the
 * connection for a good one at its next try and refuses each request by itself, until the broker closes what is idle after ten minutes.
 */
const isHalfOpen = (error: unknown): boolean => error instanceof Error && error.message === 'Broker not connected'
const tries = 12
const metadataRetryMs = 100

export function openCluster(kafka: Kafka): ClusterClient {
  // No topic is ever named as a target: kafkajs then asks for all of them, and one that was deleted disturbs nothing.
  const cluster: Cluster = clusterOf(kafka)
  let refreshing: Promise<void> | undefined
  /** Whether the cluster ever answered more than which requests it knows, as it does to anybody. */
  let answered = false

  /**
   * A request that may be the first on its connection. One that is half open is opened again; and a cluster that wants TLS or a user hangs up
   * on who comes without, and says nothing.
   */
  async function first<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request()
    } catch (error) {
      if (isHalfOpen(error)) {
        await cluster.disconnect()
        await cluster.connect()
        return request()
      }
      const facts = factsOf(error)
      // Behind the proxy of a link, what hangs up before it has said a word resets the connection.
      const closed = facts.name === 'KafkaJSConnectionClosedError' || facts.code === 'ECONNRESET'
      if (answered || !closed || accessAdvice(facts) !== undefined) throw error
      throw new ClosedAtOnce('the broker closes the connection without an answer', { cause: error })
    }
  }
  async function connected(): Promise<void> {
    if (!cluster.isConnected()) await first(() => cluster.connect())
  }
  async function refresh(): Promise<void> {
    refreshing ??= connected()
      .then(() => first(() => cluster.refreshMetadata()))
      .then(() => {
        answered = true
      })
      .finally(() => {
        refreshing = undefined
      })
    await refreshing
  }

  async function withCoordinator<Answer>(groupId: string, ask: (node: KafkaNode) => Promise<Answer>): Promise<Answer> {
    return insist(async () => {
      await connected()
      return ask(await first(() => cluster.findGroupCoordinator({ groupId })))
    }, refresh)
  }

  /**
   * Of a topic that was just made, the broker that was asked first may not know yet, though the one asked after it did. Taken as it is, the
   * topic would have no partitions: a binding to it would be declared and hold nothing.
   */
  async function knowPartitions(topics: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const unknown = topics.filter((topic) => partitionsOf(topic) === 0)
      if (unknown.length === 0) return
      if (attempt === tries) throw new Error(`the broker names no partitions of ${unknown.join(', ')}`)
      if (attempt > 1) await sleep(metadataRetryMs)
      await refresh()
    }
  }

  function partitionsOf(topic: string): number {
    try {
      return cluster.findTopicPartitionMetadata(topic).length
    } catch {
      return 0
    }
  }

  async function offsets(topics: readonly string[], fromBeginning: boolean) {
    const answers = await cluster.fetchTopicsOffset(
      topics.map((topic) => ({
        topic,
        partitions: cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId })),
        fromBeginning,
      })),
    )
    return new Map(answers.map(({ topic, partitions }) => [topic, byPartition(partitions)]))
  }

  return {
    async topics() {
      // A look that is on its way may have been answered before what the caller has just done.
      await insist(async () => {
        await refreshing?.catch(() => undefined)
        await refresh()
      }, refresh)
      const { topicMetadata } = lastMetadataOf(cluster)
      return new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]))
    },
    partitionsOf,
    async leaderOf(topic, partition) {
      if (!cluster.isConnected()) await refresh()
      const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))
      if (nodeId === undefined) throw new Error(`partition ${partition} of ${topic} has no leader now`)
      return cluster.findBroker({ nodeId })
    },
    async logs(topics) {
      if (topics.length === 0) return new Map()
      return insist(async () => {
        await connected()
        await knowPartitions(topics)
        const [end, start] = await Promise.all([offsets(topics, false), offsets(topics, true)])
        const none = new Map<number, number>()
        return new Map(topics.map((topic) => [topic, { start: start.get(topic) ?? none, end: end.get(topic) ?? none }]))
      }, refresh)
    },
    committed: (group) =>
      withCoordinator(group, async (node) => {
        // No topics means all of them.
        const { responses } = await node.offsetFetch({ groupId: group, topics: [] })
        return new Map(
          responses.map(({ topic, partitions }) => [
            topic,
            new Map(
              partitions
                .filter(({ offset }) => Number(offset) >= 0)
                .map((at) => [at.partition, { offset: Number(at.offset), metadata: metadataIn(at) }]),
            ),
          ]),
        )
      }),
    async commit(group, commits) {
      if (commits.length === 0) return
      const topics = [...new Set(commits.map(({ topic }) => topic))].map((topic) => ({
        topic,
        partitions: commits
          .filter((commit) => commit.topic === topic)
          .map(({ partition, offset, metadata }) => ({ partition, offset: String(offset), metadata })),
      }))
      await withCoordinator(group, (node) =>
        node.offsetCommit({ groupId: group, groupGenerationId: -1, memberId: '', topics }),
      )
    },
    close: () => cluster.disconnect(),
  }
}

const byPartition = (partitions: readonly { partition: number; offset: string }[]): Offsets =>
  new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]))

const metadataIn = (at: { partition: number; offset: string }): string =>
  'metadata' in at && typeof at.metadata === 'string' ? at.metadata : ''

async function insist<Answer>(request: () => Promise<Answer>, between: () => Promise<void>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request()
    } catch (error) {
      if (attempt === tries || !isPassing(error)) throw error
      await sleep(Math.min(1_000, 50 * 2 ** attempt))
      await between()
    }
  }
}
