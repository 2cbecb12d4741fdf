import type { AgentStatus, HostedStatus } from '#contracts/protocols/agent.ts'
import type { GaugesRecord } from '#contracts/protocols/telemetry.ts'
import type { Collector } from '#monitoring/metrics/meters.ts'

export interface SidecarFigures {
  status: () => AgentStatus
  /** Services that its process hosts. */
  hosted?: () => readonly HostedStatus[]
  gauges: () => Iterable<GaugesRecord>
  bufferedFrames: () => number
  connected: () => boolean
  /** Epoch milliseconds. */
  now: () => number
}

/** Figures that a replica reported longer ago than this, in milliseconds, are not its figures any more. */
const gaugesKeptMs = 5_000

/** What a sidecar knows of its replicas and links at the moment of a scrape. */
export function sidecarCollector({
  status,
  hosted,
  gauges,
  bufferedFrames,
  connected,
  now,
}: SidecarFigures): Collector {
  return {
    name: 'sidecar',
    metrics: [
      'faultline_worker_up',
      'faultline_worker_restarts_total',
      'faultline_worker_messages_in_hand',
      'faultline_worker_event_loop_lag_seconds',
      'faultline_worker_resident_memory_bytes',
      'faultline_worker_heap_used_bytes',
      'faultline_worker_cpu_ratio',
      'faultline_link_connections',
      'faultline_link_bytes_total',
      'faultline_control_plane_connected',
      'faultline_telemetry_buffered_frames',
      'faultline_telemetry_dropped_frames_total',
    ],
    collect(set) {
      const { service, replicas, links, droppedFrames } = status()
      const own = { service_name: service }
      for (const one of [{ service, replicas }, ...(hosted?.() ?? [])]) {
        for (const { instance, state, restarts } of one.replicas) {
          const labels = { service_name: one.service, service_instance_id: instance }
          set('faultline_worker_up', labels, state === 'up' ? 1 : 0)
          set('faultline_worker_restarts_total', labels, restarts)
        }
      }
      const oldest = now() - gaugesKeptMs
      for (const figures of gauges()) {
        if (figures.at < oldest) continue
        const labels = { ...own, service_instance_id: figures.instance }
        set('faultline_worker_messages_in_hand', labels, figures.inHand)
        set('faultline_worker_event_loop_lag_seconds', labels, figures.eventLoopLagMs / 1_000)
        set('faultline_worker_resident_memory_bytes', labels, figures.rssBytes)
        set('faultline_worker_heap_used_bytes', labels, figures.heapUsedBytes)
        set('faultline_worker_cpu_ratio', labels, figures.cpu)
      }
      for (const { id, connections, bytesUp, bytesDown } of links) {
        set('faultline_link_connections', { ...own, link: id }, connections)
        set('faultline_link_bytes_total', { ...own, link: id, direction: 'up' }, bytesUp)
        set('faultline_link_bytes_total', { ...own, link: id, direction: 'down' }, bytesDown)
      }
      set('faultline_control_plane_connected', own, connected() ? 1 : 0)
      set('faultline_telemetry_buffered_frames', own, bufferedFrames())
      set('faultline_telemetry_dropped_frames_total', own, droppedFrames)
    },
  }
}
