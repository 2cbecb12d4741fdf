import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type LabelsOf, type MetricName, type MetricOfKind, metricDefinitions } from './definitions.ts'
import type { MetricDefinition } from './metric-definition.ts'

/** Counters and gauges that are read where the figures are kept, at each scrape. */
export interface Collector {
  /** Of the part that it reads, for `faultline_collector_errors_total`. */
  name: string
  /** What it sets. A label set that it does not set again is gone from the next scrape. */
  metrics: readonly MetricOfKind<'counter' | 'gauge'>[]
  /** Sets current values; totals for counters. Called once per scrape and expected to be quick. */
  collect(set: SetSample): void
}

export type SetSample = <Name extends MetricOfKind<'counter' | 'gauge'>>(
  name: Name,
  labels: LabelsOf<Name>,
  value: number,
) => void

/** The metrics of one process. */
export interface Meters {
  add<Name extends MetricOfKind<'counter'>>(name: Name, labels: LabelsOf<Name>, by?: number): void
  /** `value` is in the unit that the name ends with. */
  observe<Name extends MetricOfKind<'histogram'>>(name: Name, labels: LabelsOf<Name>, value: number): void
  addCollector(collector: Collector): void
  /** The page in Prometheus' text format 0.0.4. Rejects never: a collector that fails is left out and counted. */
  page(): Promise<string>
  /** Of `page`. */
  readonly contentType: string
}

/**
 * The meters of a process, with prom-client's own figures of the process itself (`process_*`, `nodejs_*`). A metric that the
 * definitions give to the other kind of process is refused.
 */
export function createMeters(from: 'web' | 'sidecar'): Meters {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // Gauges with the suffix of counters, which promtool rightly refuses; the same by kind of handle are of no use here.
  for (const name of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${name}_total`)
    registry.removeSingleMetric(`nodejs_active_${name}`)
  }
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  for (const [name, definition] of Object.entries<MetricDefinition>(metricDefinitions)) {
    if (definition.from !== from && definition.from !== 'both') continue
    const { help, kind } = definition
    const shape = { name, help, labelNames: [...definition.labels], registers: [registry] }
    if (kind === 'counter') counters.set(name, new Counter(shape))
    else if (kind === 'gauge') gauges.set(name, new Gauge(shape))
    else histograms.set(name, new Histogram({ ...shape, buckets: [...(definition.buckets ?? [])] }))
  }
  const collectors: Collector[] = []

  function given<Metric>(metrics: Map<string, Metric>, name: MetricName): Metric {
    const metric = metrics.get(name)
    if (!metric) throw new Error(`${name} is no metric of ${from}: see monitoring/metrics/definitions.ts`)
    return metric
  }

  function collect({ name, metrics, collect: read }: Collector): void {
    for (const metric of metrics) (counters.get(metric) ?? given(gauges, metric)).reset()
    try {
      read((metric, labels, value) => {
        const counter = counters.get(metric)
        if (counter) counter.inc(labels, value)
        else given(gauges, metric).set(labels, value)
      })
    } catch {
      given(counters, 'faultline_collector_errors_total').inc({ collector: name })
    }
  }

  return {
    add: (name, labels, by = 1) => given(counters, name).inc(labels, by),
    observe: (name, labels, value) => given(histograms, name).observe(labels, value),
    addCollector(collector) {
      collectors.push(collector)
    },
    page() {
      for (const collector of collectors) collect(collector)
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}
