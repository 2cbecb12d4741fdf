export interface MetricDefinition {
  kind: 'counter' | 'gauge' | 'histogram'
  /** Which `/metrics` has it. Each is made in one place only, so that a sum over all targets counts nothing twice. */
  from: 'web' | 'sidecar' | 'both'
  help: string
  labels: readonly string[]
  /** Upper bounds of a histogram, in its unit. */
  buckets?: readonly number[]
}

/** Labels that several metrics have. */
export const topicAndGroup = ['messaging_destination_name', 'messaging_consumer_group_name'] as const
