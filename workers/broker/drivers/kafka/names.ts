import { deadLetterQueueOf } from '#contracts/api/topology.ts'

/** `order_placed.consumer-db.retry.1`: messages of the topic that wait for their attempt 2 in this group. */
export const retryTopicOf = (topic: string, group: string, retry: number): string => `${topic}.${group}.retry.${retry}`

/** All retry topics of a topic in a group. */
export const retryTopicsOf = (topic: string, group: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => retryTopicOf(topic, group, index + 1))

const retryName = /^(.+)\.([^.]+)\.retry\.(\d+)$/

/** The topic and group that a retry topic belongs to, and which of its retry topics it is; undefined for any other topic. */
export function parseRetryTopic(name: string): { topic: string; group: string; level: number } | undefined {
  const [, topic, group, level] = retryName.exec(name) ?? []
  return topic === undefined || group === undefined ? undefined : { topic, group, level: Number(level) }
}

/**
 * The consumer group under whose committed offsets the bindings of a group are kept: see bindings.ts. It never has
 * members.
 */
export const bindingsGroupOf = (group: string): string => `${group}.bindings`

const deadLetterSuffix = deadLetterQueueOf('')

/** Of all topic names, the groups of the lab: a dead-letter topic of theirs is among them. */
export const groupsAmong = (topics: Iterable<string>): string[] =>
  [...topics].flatMap((topic) => (topic.endsWith(deadLetterSuffix) ? [topic.slice(0, -deadLetterSuffix.length)] : []))
