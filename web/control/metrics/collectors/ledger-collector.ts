import { anomalyNames, type LedgerReport, ledgerVerdict } from '#contracts/api/ledger.ts'
import type { Collector } from '#monitoring/metrics/meters.ts'

/** The verdict, and what was found. Every anomaly is shown also at 0, so that an alert sees the first one come. */
export function ledgerCollector(ledger: () => LedgerReport): Collector {
  return {
    name: 'ledger',
    metrics: ['faultline_ledger_verdict', 'faultline_ledger_anomalies'],
    collect(set) {
      const { verdict, anomalies } = ledger()
      for (const result of ledgerVerdict.shape.result.options) {
        set('faultline_ledger_verdict', { result }, result === verdict.result ? 1 : 0)
      }
      for (const anomaly of anomalyNames) {
        const { count = 0, failing = 0 } = anomalies.find(({ name }) => name === anomaly) ?? {}
        set('faultline_ledger_anomalies', { anomaly, weight: 'fail' }, failing)
        set('faultline_ledger_anomalies', { anomaly, weight: 'counted' }, count - failing)
      }
    },
  }
}
