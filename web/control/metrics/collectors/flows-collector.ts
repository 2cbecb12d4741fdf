import type { FlowFigures } from '#contracts/api/flow.ts'
import type { Collector } from '#monitoring/metrics/meters.ts'

/** Flows by what became of them. Shown also at 0 for those that are declared, so that an alert sees the first one come. */
export function flowsCollector(figures: () => FlowFigures[]): Collector {
  return {
    name: 'flows',
    metrics: ['faultline_flows_started_total', 'faultline_flows'],
    collect(set) {
      for (const { flow, started, open, ended, overdue, conflicting } of figures()) {
        set('faultline_flows_started_total', { flow }, started)
        for (const [state, count] of Object.entries({ open, ended, overdue, conflicting })) {
          set('faultline_flows', { flow, state }, count)
        }
      }
    },
  }
}
