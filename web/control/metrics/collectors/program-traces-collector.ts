import type { Collector } from '#monitoring/metrics/meters.ts'

/** What programs reported of themselves over OTLP: how much came, how much is kept, and what was dropped and why. */
export function programTracesCollector(
  read: () => {
    received: Record<string, number>
    kept: Record<string, number>
    dropped: Record<string, number>
  },
): Collector {
  return {
    name: 'program traces',
    metrics: [
      'faultline_program_reports_total',
      'faultline_program_reports_kept',
      'faultline_program_reports_dropped_total',
    ],
    collect(set) {
      const { received, kept, dropped } = read()
      for (const [signal, count] of Object.entries(received)) set('faultline_program_reports_total', { signal }, count)
      for (const [signal, count] of Object.entries(kept)) set('faultline_program_reports_kept', { signal }, count)
      for (const [reason, count] of Object.entries(dropped))
        set('faultline_program_reports_dropped_total', { reason }, count)
    },
  }
}
