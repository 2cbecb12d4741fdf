import type { ITopicConfig, Kafka } from 'kafkajs'
import type { ClusterClient } from './cluster.ts'

const tries = 20
const waitMs = 100

/**
 * Makes the topics that are missing and resolves with all topics once each has partitions with leaders. Two callers may do it
 * at once: kafkajs fails now and then where another made the topic meanwhile, so what counts is whether it exists.
 */
export async function createTopics(
  kafka: Kafka,
  cluster: ClusterClient,
  wanted: readonly ITopicConfig[],
): Promise<ReadonlyMap<string, number>> {
  let standing = await cluster.topics()
  const missing = () => wanted.filter(({ topic }) => (standing.get(topic) ?? 0) === 0)
  if (missing().length === 0) return standing
  const admin = kafka.admin()
  try {
    await admin.connect()
    for (let attempt = 1; ; attempt += 1) {
      const refusal = await admin.createTopics({ topics: missing(), waitForLeaders: false }).then(
        () => undefined,
        (error: unknown) => error,
      )
      for (let look = 1; look <= tries && missing().length > 0; look += 1) {
        standing = await cluster.topics()
        if (missing().length > 0) {
          // A refusal stays one unless somebody else makes the topic.
          if (refusal !== undefined && look > 3) break
          await new Promise((resolve) => setTimeout(resolve, waitMs))
        }
      }
      if (missing().length === 0) return standing
      if (attempt === 3) throw refusal ?? new Error(`topics were made and do not appear: ${namesOf(missing())}`)
    }
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

const namesOf = (topics: readonly ITopicConfig[]): string => topics.map(({ topic }) => topic).join(', ')
