import type { LabInfo, ServiceStatus } from '#contracts/api/live.ts'
import { replicaStatus } from '#contracts/protocols/agent.ts'
import type { Collector } from '#monitoring/metrics/meters.ts'
import type { PartHealth } from '../../engines/part-health.ts'

/** What the lab consists of, and whether it is there. */
export function labCollector(sources: {
  lab: () => LabInfo
  parts: () => readonly PartHealth[]
  services: () => readonly ServiceStatus[]
}): Collector {
  return {
    name: 'lab',
    metrics: ['faultline_lab_info', 'faultline_part_up', 'faultline_service_connected', 'faultline_service_replicas'],
    collect(set) {
      const { broker, version } = sources.lab()
      set('faultline_lab_info', { broker, version }, 1)
      for (const { name, up } of sources.parts()) set('faultline_part_up', { part: name }, up ? 1 : 0)
      for (const { name, connected, replicas } of sources.services()) {
        set('faultline_service_connected', { service_name: name }, connected ? 1 : 0)
        const counts = new Map(replicaStates.map((state) => [state, 0]))
        // What a sidecar that is away said last is no longer known to be so.
        if (connected) for (const { state } of replicas) counts.set(state, (counts.get(state) ?? 0) + 1)
        for (const [state, count] of counts) set('faultline_service_replicas', { service_name: name, state }, count)
      }
    },
  }
}

/** Shown also at 0, so that an alert sees the last one go. */
const replicaStates: ServiceStatus['replicas'][number]['state'][] = replicaStatus.shape.state.options
