import { randomUUID } from 'node:crypto'
import type { ITopicConfig, Kafka } from 'kafkajs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { Wiring } from '../../../broker.ts'
import { bindingsGroupOf, groupsAmong, parseRetryTopic, retryTopicsOf } from '../names.ts'
import type { KafkaSettings } from '../options.ts'
import { encodeSpans, readBindings, readMarks, rebind, spansOf } from './bindings.ts'
import type { ClusterClient } from './cluster.ts'
import { createTopics } from './create-topics.ts'

/** Fourteen days, as long as SQS keeps a message, for what waits for an attempt or for a person. */
const retentionMs = String(14 * 24 * 3_600_000)
/** Copies carry more headers than the original, up to a stack trace. */
const copyBytes = '2000000'
/** -1 asks for the cluster's default. */
const replicationFactor = -1

export interface WiringDeps {
  kafka: Kafka
  cluster: ClusterClient
  settings: KafkaSettings
}

/**
 * Makes the wiring real. Topics that exist are left as they are. Where a binding begins or ends is fixed here, at the end
 * of each log at this moment, and kept in the broker: see bindings.ts. Everything is committed again each time, so that the broker,
 * which forgets commits of a group without members after a week (`offsets.retention.minutes`), keeps it while the lab lives.
 */
export async function declareWiring({ kafka, cluster, settings }: WiringDeps, wiring: Wiring): Promise<void> {
  const wanted = new Map(wiring.groups.map(({ group }) => [group, typesByTopic(wiring, group)]))
  const standing = await createTopics(kafka, cluster, topicsOf(wiring, wanted, settings))
  const groups = [...new Set([...wanted.keys(), ...groupsAmong(standing.keys())])]
  const before = await Promise.all(
    groups.map(async (group) => {
      const [bound, committed] = await Promise.all([
        cluster.committed(bindingsGroupOf(group)),
        cluster.committed(group),
      ])
      const [bindings, marks] = [readBindings(bound), readMarks(bound)]
      const topics = [...new Set([...bindings.keys(), ...(wanted.get(group)?.keys() ?? [])])]
      return { group, bindings, marks, committed, topics: topics.filter((topic) => standing.has(topic)) }
    }),
  )
  const logs = await cluster.logs([...new Set(before.flatMap(({ topics }) => topics))])
  await Promise.all(
    before.map(({ group, bindings, marks, committed, topics }) =>
      cluster.commit(
        bindingsGroupOf(group),
        topics.flatMap((topic) => {
          const mark = marks.get(topic) ?? randomUUID()
          return [...(logs.get(topic)?.end ?? [])].map(([partition, end]) => {
            const passed = committed.get(topic)?.get(partition)?.offset
            const types = wanted.get(group)?.get(topic) ?? []
            const spans = rebind(spansOf(bindings, topic, partition), types, end, passed)
            return { topic, partition, offset: firstOf(spans) ?? end, metadata: encodeSpans(spans, mark) }
          })
        }),
      ),
    ),
  )
}

const firstOf = (spans: ReturnType<typeof rebind>): number | undefined =>
  spans.size === 0 ? undefined : Math.min(...[...spans.values()].flat().map(({ start }) => start))

/** What a group takes of each topic: those of the topic's types that it takes; no entry where it takes none. */
function typesByTopic(wiring: Wiring, name: string): Map<string, string[]> {
  const group = wiring.groups.find((candidate) => candidate.group === name)
  return new Map(
    wiring.topics.flatMap(({ topic, types }): [string, string[]][] => {
      const both = types.filter((type) => group?.types.includes(type))
      return group?.topics.includes(topic) && both.length > 0 ? [[topic, both]] : []
    }),
  )
}

function topicsOf(
  wiring: Wiring,
  bound: ReadonlyMap<string, ReadonlyMap<string, string[]>>,
  settings: KafkaSettings,
): ITopicConfig[] {
  return [
    ...wiring.topics.map(({ topic }) => ({ topic, numPartitions: settings.partitions, replicationFactor })),
    ...wiring.groups.flatMap(({ group }) =>
      [
        deadLetterQueueOf(group),
        ...[...(bound.get(group)?.keys() ?? [])].flatMap((topic) => retryTopicsOf(topic, group, settings.retryTopics)),
      ].map((topic) => copyTopic(topic, settings)),
    ),
  ]
}

/** A retry topic or a dead-letter topic. */
export function copyTopic(topic: string, { retryPartitions }: Pick<KafkaSettings, 'retryPartitions'>): ITopicConfig {
  return {
    topic,
    numPartitions: parseRetryTopic(topic) ? retryPartitions : 1,
    replicationFactor,
    configEntries: [
      { name: 'retention.ms', value: retentionMs },
      { name: 'max.message.bytes', value: copyBytes },
    ],
  }
}
