import type { BrokerSnapshot, PartitionState, QueueDepth } from '../../../broker.ts'
import { bindingsGroupOf, groupsAmong, parseRetryTopic } from '../names.ts'
import { type Bindings, owedBetween, readBindings, spansOf, subscribedTypes } from './bindings.ts'
import type { ClusterClient, Committed } from './cluster.ts'

interface GroupState {
  group: string
  bindings: Bindings
  committed: ReadonlyMap<string, ReadonlyMap<number, Committed>>
  /** Topics that it is or was bound to, and that exist. */
  topics: string[]
  retryTopics: string[]
  deadLetters: number
}

/**
 * Depths, bindings and partitions as the cluster itself counts them. `visible` is the lag: offsets that the group is owed and has
 * not committed, those in a worker's hand included, of which Kafka does not know. `delayed` is the lag in its retry topics.
 */
export async function inspectCluster(
  cluster: ClusterClient,
  countDeadLetters: (group: string) => Promise<number>,
): Promise<BrokerSnapshot> {
  const standing = await cluster.topics()
  const groups = await Promise.all(
    groupsAmong(standing.keys()).map(async (group): Promise<GroupState> => {
      const [bindings, committed, deadLetters] = await Promise.all([
        cluster.committed(bindingsGroupOf(group)).then(readBindings),
        cluster.committed(group),
        countDeadLetters(group),
      ])
      return {
        group,
        bindings,
        committed,
        deadLetters,
        topics: [...bindings.keys()].filter((topic) => standing.has(topic)).sort(),
        retryTopics: [...standing.keys()].filter((topic) => parseRetryTopic(topic)?.group === group).sort(),
      }
    }),
  )
  const read = groups.flatMap(({ topics, retryTopics }) => [...topics, ...retryTopics])
  const logs = await cluster.logs([...new Set(read)])

  const lag = ({ committed, bindings }: GroupState, topic: string, owned: boolean): number => {
    const log = logs.get(topic)
    let sum = 0
    for (const [partition, end] of log?.end ?? []) {
      const start = log?.start.get(partition) ?? 0
      const from = Math.max(start, committed.get(topic)?.get(partition)?.offset ?? 0)
      sum += owned ? Math.max(0, end - from) : owedBetween(spansOf(bindings, topic, partition), from, end)
    }
    return sum
  }
  const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0)

  return {
    queues: groups.map(
      (state): QueueDepth => ({
        group: state.group,
        visible: total(state.topics.map((topic) => lag(state, topic, false))),
        inFlight: 0,
        delayed: total(state.retryTopics.map((topic) => lag(state, topic, true))),
        deadLetters: state.deadLetters,
      }),
    ),
    bindings: groups
      .flatMap(({ group, topics, bindings }) =>
        topics.filter((topic) => subscribedTypes(bindings, topic).length > 0).map((topic) => ({ topic, group })),
      )
      .sort((a, b) => a.topic.localeCompare(b.topic) || a.group.localeCompare(b.group)),
    partitions: [...new Set(read)].sort().flatMap((topic) => {
      const log = logs.get(topic)
      const readers = groups.filter(({ topics, retryTopics }) => topics.includes(topic) || retryTopics.includes(topic))
      const retry = parseRetryTopic(topic)
      return [...(log?.end ?? [])]
        .sort(([a], [b]) => a - b)
        .map(
          ([partition, endOffset]): PartitionState => ({
            ...{ topic, partition, startOffset: log?.start.get(partition) ?? 0, endOffset },
            groups: readers.map(({ group, committed }) => {
              const at = committed.get(topic)?.get(partition)
              return { group, committed: at?.offset ?? null }
            }),
            ...(retry ? { retry: { group: retry.group, level: retry.level } } : {}),
          }),
        )
    }),
  }
}
