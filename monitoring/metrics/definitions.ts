import type { MetricDefinition } from './metric-definition.ts'
import { ownMetrics } from './own-metrics.ts'
import { sidecarMetrics } from './sidecar-metrics.ts'
import { webMetrics } from './web-metrics.ts'

/**
 * Every metric of the lab: no other name is shown. Web and sidecars make their meters from it, the document
 * `docs/monitoring.md` and the dashboards are tested against it.
 *
 * What OpenTelemetry has a name for is named so (messaging and process conventions, in Prometheus form: dots become
 * underscores, the unit and `_total` are added); the rest begins with `faultline_`. Labels take values from small
 * closed sets: names of the declared lab, states, and error types up to a limit. No label ever holds a message's id, key or text.
 */
export const metricDefinitions = { ...sidecarMetrics, ...webMetrics, ...ownMetrics }

type Definitions = typeof metricDefinitions
export type MetricName = keyof Definitions
export type MetricOfKind<Kind extends MetricDefinition['kind']> = {
  [Name in MetricName]: Definitions[Name]['kind'] extends Kind ? Name : never
}[MetricName]
/** The labels that a metric may carry; one that is left out is not shown. */
export type LabelsOf<Name extends MetricName> = { readonly [Label in Definitions[Name]['labels'][number]]?: string }
