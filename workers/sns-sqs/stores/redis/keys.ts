/** Names of everything that a simulator keeps in Redis. All of them carry one hash tag, so that a cluster keeps them on one node. */
export interface Keys {
  /** Hash: epoch, last sequence number, last queue number, run of the Redis server. Its absence means that the data is gone. */
  meta: string
  /** Hashes by name or ARN: JSON texts of what is declared. */
  queues: string
  topics: string
  subscriptions: string
  records: string
  /** Deduplication ids of topics, and when each was used. */
  once: [ids: string, ages: string]
  /** Receives that can be repeated, and when each was kept. Both expire. */
  attempts: [texts: string, ages: string]
  /** Channel on which simulators tell each other what became visible and that declarations changed. */
  channel: string
  /** Number of the last send of one simulator's process; expires. */
  sender(id: string): string
  /**
   * The structures of one queue, in the order in which scripts take them: due, age, delayed, messages, state; of a FIFO
   * queue also line, heads, once and its ages.
   */
  queue(queue: { number: number; fifo: boolean }): string[]
}

export const namespacePattern = /^[A-Za-z0-9_.-]{1,64}$/

/** `namespace` separates simulators that share a Redis without sharing their queues. */
export function keysOf(namespace: string): Keys {
  if (!namespacePattern.test(namespace)) {
    throw new Error(`the Redis namespace ${namespace} must have 1 to 64 letters, digits, dots, dashes or underscores`)
  }
  const tag = `{${namespace}}`
  return {
    meta: `${tag}:meta`,
    queues: `${tag}:queues`,
    topics: `${tag}:topics`,
    subscriptions: `${tag}:subscriptions`,
    records: `${tag}:records`,
    once: [`${tag}:once`, `${tag}:once-ages`],
    attempts: [`${tag}:attempts`, `${tag}:attempts-ages`],
    channel: `${tag}:events`,
    sender: (id) => `${tag}:sender:${id}`,
    queue: ({ number, fifo }) => {
      const queue = `${tag}:queue:${number}`
      const all = [`${queue}:due`, `${queue}:age`, `${queue}:delayed`, `${queue}:messages`, `${queue}:state`]
      return fifo ? [...all, `${queue}:line`, `${queue}:heads`, `${queue}:once`, `${queue}:once-ages`] : all
    },
  }
}

/** Members of the sorted sets: digits of one length, so that equal scores come in order of acceptance. */
const keyDigits = 13

export const memberOf = (key: number): string => String(key).padStart(keyDigits, '0')
