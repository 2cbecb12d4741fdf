import { anomalies, anomalyNames } from '../api/ledger.ts'

/** A figure that a check of a scenario can compare. */
export interface Metric {
  name: string
  /** `ms` takes durations as values. */
  unit: 'messages' | 'ms' | 'per second' | 'replicas' | 'flows'
  /** What it has a figure of: each consumer group, each service, each flow, or the lab as a whole. */
  per: 'group' | 'service' | 'flow' | 'lab'
  /** `end` may name one of the ends of the flow. */
  byEnd?: true
  meaning: string
}

const percentiles = [50, 95, 99] as const

/**
 * Every metric of the checks of a scenario. Counts are those since the run began; latencies are those of the messages of the run, and run
 * from the moment at which the message was due to be sent.
 */
export const metrics: readonly Metric[] = [
  { name: 'consumer.lag', unit: 'messages', per: 'group', meaning: 'messages that the group has not settled, now' },
  { name: 'consumer.waiting', unit: 'messages', per: 'group', meaning: 'of these, those that wait to be taken' },
  {
    name: 'consumer.retrying',
    unit: 'messages',
    per: 'group',
    meaning: 'of these, those that wait for their next attempt',
  },
  { name: 'consumer.delivered', unit: 'messages', per: 'group', meaning: 'messages that had their effect' },
  { name: 'consumer.dead_lettered', unit: 'messages', per: 'group', meaning: 'messages that were given up' },
  { name: 'consumer.rate', unit: 'per second', per: 'group', meaning: 'messages settled in the last second' },
  {
    name: 'consumer.retry_rate',
    unit: 'per second',
    per: 'group',
    meaning: 'attempts after the first in the last second',
  },
  ...percentiles.map(
    (p): Metric => ({
      ...{ name: `delivery.latency.p${p}`, unit: 'ms', per: 'group' },
      meaning: `intended time of sending to effect, ${p}th percentile`,
    }),
  ),
  { name: 'publish.attempted', unit: 'messages', per: 'lab', meaning: 'messages that the producer began to send' },
  { name: 'publish.acked', unit: 'messages', per: 'lab', meaning: 'publishes that the broker acknowledged' },
  { name: 'publish.failed', unit: 'messages', per: 'lab', meaning: 'publishes that certainly did not arrive' },
  { name: 'publish.indeterminate', unit: 'messages', per: 'lab', meaning: 'publishes of which nobody knows, now' },
  {
    name: 'publish.recovered',
    unit: 'messages',
    per: 'lab',
    meaning: 'publishes without an answer that were seen downstream',
  },
  { name: 'publish.rate', unit: 'per second', per: 'lab', meaning: 'messages published in the last second' },
  ...percentiles.map(
    (p): Metric => ({
      ...{ name: `publish.latency.p${p}`, unit: 'ms', per: 'lab' },
      meaning: `intended time of sending to acknowledgement, ${p}th percentile`,
    }),
  ),
  { name: 'service.replicas_up', unit: 'replicas', per: 'service', meaning: 'replicas that run, now' },
  { name: 'flow.started', unit: 'flows', per: 'flow', meaning: 'flows that began' },
  { name: 'flow.open', unit: 'flows', per: 'flow', meaning: 'flows that have not ended and have time left, now' },
  { name: 'flow.ended', unit: 'flows', per: 'flow', byEnd: true, meaning: 'flows that reached one of their ends' },
  { name: 'flow.overdue', unit: 'flows', per: 'flow', meaning: 'flows whose time has passed without an end, now' },
  { name: 'flow.conflicting', unit: 'flows', per: 'flow', meaning: 'flows that reached two different ends' },
  ...anomalyNames.map(
    (name): Metric => ({
      ...{ name: `ledger.${name}`, unit: 'messages', per: 'group' },
      meaning: anomalies[name].meaning,
    }),
  ),
]

export const metricNames: readonly string[] = metrics.map(({ name }) => name)

export const metricOf = (name: string): Metric | undefined => metrics.find((metric) => metric.name === name)

/** The anomaly of `ledger.duplicate_delivery`; undefined if the metric is no anomaly. */
export const anomalyOf = (metric: string): string | undefined =>
  metric.startsWith('ledger.') ? metric.slice('ledger.'.length) : undefined
