/** How to reach the cluster, and how the driver behaves. Durations are milliseconds. */
export interface KafkaOptions {
  /** `host:port` of brokers that are asked first; the cluster names the others. */
  brokers: string[]
  /** TLS: `true` trusts the system's authorities, `ca` the given ones (PEM). Default: none. */
  ssl?: true | { ca: string[] }
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
  /** Partitions of a topic that `declare` makes. Default 6. */
  partitions?: number
  /** Partitions of each retry topic. Default 3. */
  retryPartitions?: number
  /** Retry topics per topic and group; later attempts share the last one. Default 3. */
  retryTopics?: number
  /** Bytes of one message with key and headers that are taken at most. Default 1,000,000, below Kafka's own default. */
  maxMessageBytes?: number
  /** How long a message waits for company before it is sent to a partition that nothing is on the way to. Default 3. */
  lingerMs?: number
  /** Bytes at the cluster at a time, at most; more waits. Default 8 MiB. */
  maxInFlightBytes?: number
  /** After this long without a heartbeat a worker's partitions go to others. Default 6,000. */
  sessionTimeoutMs?: number
  /** Establishing a connection (default 1,000), and waiting for an answer (default 5,000). */
  connectTimeoutMs?: number
  requestTimeoutMs?: number
  /** Between two looks at a group's bindings, which also notice that the broker is gone. Default 1,000. */
  lookEveryMs?: number
  /** After the last settlement of a partition that was withheld, it is read again from the committed offset. Default 10,000. */
  withheldMs?: number
  /** Clock in epoch milliseconds, for tests. */
  now?: () => number
}

export type KafkaSettings = Required<Omit<KafkaOptions, 'ssl' | 'sasl'>> & Pick<KafkaOptions, 'ssl' | 'sasl'>

export const withDefaults = (options: KafkaOptions): KafkaSettings => ({
  partitions: 6,
  retryPartitions: 3,
  retryTopics: 3,
  maxMessageBytes: 1_000_000,
  lingerMs: 3,
  maxInFlightBytes: 8 * 1024 * 1024,
  sessionTimeoutMs: 6_000,
  connectTimeoutMs: 1_000,
  requestTimeoutMs: 5_000,
  lookEveryMs: 1_000,
  withheldMs: 10_000,
  now: Date.now,
  ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  brokers: options.brokers,
})
