import { metricDefinitions } from './definitions.ts'
import type { MetricDefinition } from './metric-definition.ts'

/** The definitions as the table of docs/monitoring.md; a test keeps the two equal. */
export function metricTable(): string {
  const rows = Object.entries<MetricDefinition>(metricDefinitions).map(([name, { kind, from, labels, help }]) => {
    const place = from === 'both' ? 'web, sidecar' : from
    return `| \`${name}\` | ${kind} | ${place} | ${labels.map((label) => `\`${label}\``).join(' ') || '–'} | ${help} |`
  })
  return ['| Metric | Kind | At | Labels | Says |', '|---|---|---|---|---|', ...rows, ''].join('\n')
}
