import type { Collector } from '#monitoring/metrics/meters.ts'

/** Whether the instrument itself can be trusted. */
export function telemetryCollector(sources: {
  missingFrames: () => number
  refusedRecords: () => number
  isStorable: () => boolean
  viewers: () => number
}): Collector {
  return {
    name: 'telemetry',
    metrics: [
      'faultline_telemetry_missing_frames',
      'faultline_telemetry_refused_records_total',
      'faultline_telemetry_storable',
      'faultline_viewers',
    ],
    collect(set) {
      set('faultline_telemetry_missing_frames', {}, sources.missingFrames())
      set('faultline_telemetry_refused_records_total', {}, sources.refusedRecords())
      set('faultline_telemetry_storable', {}, sources.isStorable() ? 1 : 0)
      set('faultline_viewers', {}, sources.viewers())
    },
  }
}
