import type { MetricDefinition } from './metric-definition.ts'

/** Metrics that web and every sidecar report of themselves. */
export const ownMetrics = {
  faultline_export_sent_total: {
    kind: 'counter',
    from: 'both',
    help: 'Log lines and spans that the receiver of OTLP has taken.',
    labels: ['signal'],
  },
  faultline_export_dropped_total: {
    kind: 'counter',
    from: 'both',
    help: 'Log lines and spans that were not exported: queue_full, rejected by the receiver, or at shutdown.',
    labels: ['signal', 'reason'],
  },
  faultline_export_queued: {
    kind: 'gauge',
    from: 'both',
    help: 'Log lines and spans that wait to be exported.',
    labels: ['signal'],
  },
  faultline_collector_errors_total: {
    kind: 'counter',
    from: 'both',
    help: 'Scrapes in which a part of the metrics could not be collected.',
    labels: ['collector'],
  },
} as const satisfies Record<string, MetricDefinition>
