import type { Collector } from '../metrics/meters.ts'
import type { ExportFigures } from './export-queue.ts'

/** What became of exported log lines and spans. `figures` names each signal that is exported. */
export function exportCollector(figures: Record<string, () => ExportFigures>): Collector {
  return {
    name: 'export',
    metrics: ['faultline_export_sent_total', 'faultline_export_dropped_total', 'faultline_export_queued'],
    collect(set) {
      for (const [signal, read] of Object.entries(figures)) {
        const { queued, sent, dropped } = read()
        set('faultline_export_queued', { signal }, queued)
        set('faultline_export_sent_total', { signal }, sent)
        for (const [reason, count] of Object.entries(dropped)) {
          set('faultline_export_dropped_total', { signal, reason }, count)
        }
      }
    },
  }
}
