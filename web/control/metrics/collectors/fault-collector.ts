import type { Fault } from '#contracts/faults/fault.ts'
import { faultList } from '#contracts/faults/fault-list.ts'
import type { Collector } from '#monitoring/metrics/meters.ts'

/** Faults that are injected, by type; every type is shown, so that a chart sees one come and go. */
export function faultCollector(faults: { recent(withinMs: number): Fault[] }): Collector {
  return {
    name: 'faults',
    metrics: ['faultline_faults_active'],
    collect(set) {
      const counts = new Map(faultList.map(({ type }) => [type, 0]))
      for (const { type, state } of faults.recent(0)) {
        if (standing.has(state)) counts.set(type, (counts.get(type) ?? 0) + 1)
      }
      for (const [type, count] of counts) set('faultline_faults_active', { fault_type: type }, count)
    },
  }
}

const standing = new Set<string>(['injecting', 'active', 'healing'])
